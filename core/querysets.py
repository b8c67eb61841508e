"""Reads that every business record has."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class RecordQuerySet(models.QuerySet):
    """Base of all record querysets. Apps add `visible_to` and `editable_by`."""

    def alive(self) -> Self:
        """Rows that are not in the trash."""
        return self.filter(deleted_at__isnull=True)

    def in_trash(self) -> Self:
        return self.filter(deleted_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """Rows this person may see, trash left out. Every door uses this."""
        raise TypeError(f"{self.model.__name__} has no visibility rule")

    def visible_parts(self, user: Any) -> list[Self]:
        """What `visible_to` gives, in parts that have no row in common, where that is quicker."""
        return [self.visible_to(user)]

    def editable_by(self, user: Any) -> Self:
        """Rows this person may change."""
        raise TypeError(f"{self.model.__name__} has no visibility rule")

    def bounded_count(self, limit: int) -> int:
        """Count, but stop at `limit + 1`: a list header needs no exact million."""
        return self.order_by()[: limit + 1].count()
