from __future__ import annotations

from typing import Any

from core.models import Record


class OfCustomer(Record):
    """What rows that belong to a customer have in common: where their history is told."""

    customer: Any
    customer_id: int | None

    class Meta:
        abstract = True

    @property
    def history_root(self) -> tuple[str, int] | None:
        return ("customers.customer", self.customer_id) if self.customer_id else None
