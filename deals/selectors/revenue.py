"""Revenue by month and channel, from the orders a person may see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth

from accounts.clock import day_bounds, organisation_zone
from core.periods import Period
from deals.constants import PaymentStatus
from deals.models import Order, Payment

ZERO = Decimal(0)


@dataclass(frozen=True)
class Revenue:
    """Sums in the base currency; `unpriced` orders have no rate and are in no sum."""

    months: list[date]
    channels: list[str]
    cells: dict[tuple[date, str], Decimal]
    by_month: dict[date, Decimal]
    by_channel: dict[str, Decimal]
    total: Decimal
    orders: int
    unpriced: int


def revenue(user: Any, period: Period) -> Revenue:
    """What was ordered in each month of a period, by channel; the largest channel first."""
    start, end = day_bounds(period.start)[0], day_bounds(period.end)[0]
    rows = (
        Order.objects.visible_to(user)
        .filter(ordered_at__gte=start, ordered_at__lt=end)
        .order_by()
        .annotate(month=TruncMonth("ordered_at", tzinfo=organisation_zone()))
        .values("month", "channel")
        .annotate(total=Sum("total_base"), n=Count("pk"), unpriced=Count("pk", filter=Q(total_base=None)))
    )
    cells: dict[tuple[date, str], Decimal] = {}
    by_month: dict[date, Decimal] = defaultdict(Decimal)
    by_channel: dict[str, Decimal] = defaultdict(Decimal)
    orders = unpriced = 0
    for row in rows:
        month, channel, total = row["month"].date(), row["channel"], row["total"] or ZERO
        cells[month, channel] = total
        by_month[month] += total
        by_channel[channel] += total
        orders += row["n"]
        unpriced += row["unpriced"]
    channels = sorted(by_channel, key=lambda name: (-by_channel[name], name))
    return Revenue(
        period.months(), channels, cells, by_month, by_channel, sum(by_month.values(), ZERO), orders, unpriced
    )


@dataclass(frozen=True)
class Paid:
    """The money of one order, in its currency."""

    paid: Decimal
    due: Decimal
    overdue: Decimal
    open: Decimal  # neither paid nor asked for


def paid_of(order: Order, payments: list[Payment], day: date) -> Paid:
    """What was paid, is due and is overdue; refunds count against what was paid."""
    paid = sum((p.amount for p in payments if p.status == PaymentStatus.PAID), ZERO)
    paid -= sum((p.amount for p in payments if p.status == PaymentStatus.REFUNDED), ZERO)
    due = [p for p in payments if p.status == PaymentStatus.DUE]
    asked = sum((p.amount for p in due), ZERO)
    late = sum((p.amount for p in due if p.due_on and p.due_on < day), ZERO)
    return Paid(paid, asked, late, order.total - paid - asked)
