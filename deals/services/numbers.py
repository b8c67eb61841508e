"""Numbers of documents: one after the other, without gaps and without doubles."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from deals.models import NumberSeries


def next_number(prefix: str, year: int) -> str:
    """The next number of a year, such as "Q-2026-0001". Call it inside the transaction that writes the
    document: the row stays locked until then, and a rolled back document gives its number back."""
    key = f"{prefix}-{year}"
    if not NumberSeries.objects.filter(key=key).exists():
        _begin(key)
    series = NumberSeries.objects.select_for_update().get(key=key)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{key}-{series.last:04}"


def _begin(key: str) -> None:
    try:
        with transaction.atomic():
            NumberSeries.objects.create(key=key)
    except IntegrityError:
        return  # somebody else began it at the same moment
