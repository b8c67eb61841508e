"""Customers that a row names but its reader may not see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from customers.models import Customer


def hide_unseen_customers(rows: Iterable[Any], user: Any, *, customers: Any = None) -> list[Any]:
    """Mark each row (a task) with `shows_customer`: one may have to do something for a customer
    one does not see, and then learns no name."""
    rows = list(rows)
    ids = {row.customer_id for row in rows if row.customer_id}
    seen: set[int] = set()
    if ids:
        visible = Customer.objects.visible_to(user) if customers is None else customers
        seen = set(visible.order_by().filter(pk__in=ids).values_list("pk", flat=True))
    for row in rows:
        row.shows_customer = row.customer_id in seen
    return rows
