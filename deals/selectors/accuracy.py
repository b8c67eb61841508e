"""What past snapshots said about periods that are over, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from accounts.constants import Kind
from accounts.organisation import get_organisation
from accounts.visibility import access
from core.periods import Period
from deals.constants import ForecastCategory
from deals.engine.accuracy import Accuracy, Point, accuracy
from deals.models import DealTotal, ForecastSnapshot
from deals.selectors.totals import added

WEEKS = (13, 8, 4, 2, 1)
# A snapshot stands for a day if it was taken on it or in the week before.
REACH = timedelta(days=7)
MEASURES = ("weighted", "measured", "commit")


@dataclass(frozen=True)
class Review:
    """`lines`: each period with what was said at each distance (None: no snapshot) and what came."""

    weeks: tuple[int, ...]
    lines: list[tuple[Period, list[Decimal | None], Decimal]]
    summary: list[Accuracy]


def review(user: Any, periods: Sequence[Period], measure: str) -> Review:
    """Over the deals of this person's own or team, as they were owned at the time."""
    taken = _days(periods)
    spoken = {
        (period, weeks): _nearest(taken, period.last_day - timedelta(weeks=weeks))
        for period in periods
        for weeks in WEEKS
    }
    said, actual = (
        _said(user, {day for day in spoken.values() if day}, periods, measure),
        _actual(user, periods),
    )
    lines, points = [], []
    for period in periods:
        line: list[Decimal | None] = []
        for weeks in WEEKS:
            day = spoken[period, weeks]
            line.append(None if day is None else said.get((day, period.key), Decimal(0)))
            if line[-1] is not None:
                points.append(Point(period.key, weeks, line[-1], actual[period.key]))
        lines.append((period, line, actual[period.key]))
    return Review(WEEKS, lines, accuracy(points))


def snapshots(user: Any) -> QuerySet[ForecastSnapshot]:
    """Those this person may see, in the base currency of today: others cannot be compared."""
    rows = ForecastSnapshot.objects.filter(currency=get_organisation().base_currency)
    condition = access(user).owned_filter(access(user).level(Kind.DEAL))
    return rows if condition is None else rows.filter(condition)


def _days(periods: Sequence[Period]) -> list[date]:
    """When snapshots were taken that may speak for these periods."""
    start = min(period.start for period in periods) - timedelta(weeks=max(WEEKS)) - REACH
    rows = ForecastSnapshot.objects.filter(taken_on__gte=start, taken_on__lt=max(p.end for p in periods))
    return sorted(set(rows.order_by().values_list("taken_on", flat=True).distinct()))


def _nearest(taken: list[date], day: date) -> date | None:
    """The newest snapshot on or before the day, unless it is too old to speak for it."""
    found = [one for one in taken if day - REACH < one <= day]
    return found[-1] if found else None


def _said(
    user: Any, days: set[date], periods: Sequence[Period], measure: str
) -> dict[tuple[date, str], Decimal]:
    """Closed by then plus what was still expected, for each day and period."""
    months = {month: period.key for period in periods for month in period.months()}
    rows = snapshots(user).filter(taken_on__in=days, month__in=list(months)).order_by()
    closed = Q(category=ForecastCategory.CLOSED)
    column = {"weighted": "weighted", "measured": "weighted_measured"}.get(measure, "amount")
    rows = rows.exclude(category=ForecastCategory.OMITTED)
    if measure == "commit":
        rows = rows.filter(closed | Q(category=ForecastCategory.COMMIT))
    found: dict[tuple[date, str], Decimal] = {}
    for day, month, total in rows.values_list("taken_on", "month").annotate(total=Sum(column)):
        key = (day, months[month])
        found[key] = found.get(key, Decimal(0)) + (total or 0)
    return found


def _actual(user: Any, periods: Sequence[Period]) -> dict[str, Decimal]:
    """What was won in each period."""
    months = {month: period.key for period in periods for month in period.months()}
    rows = DealTotal.objects.owned_by(user).filter(month__in=list(months), category=ForecastCategory.CLOSED)
    found = dict.fromkeys((period.key for period in periods), Decimal(0))
    for (month,), total in added(rows, ("month",)).items():
        found[months[month]] += total.amount
    return found
