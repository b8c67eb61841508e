"""Customers whose time is over: no contact for as long as the organisation keeps personal data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from accounts.clock import day_bounds
from core.models import Change, ChangeSet
from customers.models import Customer

# Nobody was a customer before; earlier days do not fit every database.
EARLIEST = date(1900, 1, 1)
_touches: dict[str, Callable[[], Any]] = {}


def register_touch(name: str, last: Callable[[], Any]) -> None:
    """Let a higher app say when it last had to do with a customer: `last()` is an expression for the
    moment (null for never) with `OuterRef("pk")` as the customer."""
    _touches[name] = last


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of its month: 31 May less 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < EARLIEST.year:
        return EARLIEST
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def overdue_customers(day: date, months: int) -> QuerySet[Customer]:
    """Those whose last contact, order and creation all lie more than `months` before `day`, the
    longest silent first; `last_touch` is the latest of the three. Erased ones are not proposed again."""
    before, _end = day_bounds(months_before(day, months))
    erased = Change.objects.filter(
        model="customers.customer", object_id=OuterRef("pk"), change_set__kind=ChangeSet.Kind.ERASE
    )
    rows = Customer.objects.alive().filter(
        Q(last_contacted_at=None) | Q(last_contacted_at__lt=before), created_at__lt=before
    )
    moments = {f"_touch_{name}": last() for name, last in _touches.items()}
    # Of several expressions one that is null would make the greatest null.
    latest = [Coalesce(name, F("created_at")) for name in ("last_contacted_at", *moments)]
    rows = rows.alias(**moments).annotate(last_touch=Greatest(F("created_at"), *latest))
    return rows.filter(~Exists(erased), last_touch__lt=before).order_by("last_touch", "pk")
