"""What was reached, by person, team, channel and segment: the other half of every target.

Everybody's figures are sums over the rows that person may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from accounts.clock import day_bounds
from accounts.models import Team
from core.periods import Period
from customers.constants import StageKind as LifecycleKind
from customers.models import Customer, StageChange
from deals.constants import MONEY_METRICS, StageKind, TargetMetric
from deals.engine.performance import Drivers, Progress, drivers, progress, propose_next
from deals.models import Deal, Order, Target
from deals.selectors.rates import Rates

HISTORY = 6  # periods a trend is drawn from
ZERO = Decimal(0)


@dataclass(frozen=True)
class Fact:
    """What one person, team, channel and segment reached together in a period."""

    owner: int | None
    team: int | None
    channel: str
    segment: str
    value: Decimal
    rows: int
    unpriced: int  # rows without a rate: counted, not in the value


@dataclass(frozen=True)
class Reached:
    """The sum of the facts a target is about."""

    value: Decimal
    rows: int
    unpriced: int


@dataclass(frozen=True)
class Standing:
    """A target beside what was reached."""

    target: Target
    reached: Reached
    progress: Progress | None  # None where the target's currency has no rate

    @property
    def percent(self) -> Decimal | None:
        return (
            None
            if self.progress is None or self.progress.attainment is None
            else 100 * self.progress.attainment
        )


def facts(metric: str, period: Period, user: Any) -> list[Fact]:
    """What was reached in a period, grouped; one query."""
    rows, names, value, unpriced = _SOURCES[TargetMetric(metric)](period, user)
    grouped = (
        rows.order_by()
        .values(*names)
        .annotate(gx_value=value, gx_rows=Count("pk"), gx_unpriced=Count("pk", filter=unpriced))
    )
    owner, team, channel, segment = names
    return [
        Fact(
            row[owner],
            row[team],
            row[channel] or "",
            row[segment] or "",
            Decimal(row["gx_value"] or 0),
            row["gx_rows"],
            row["gx_unpriced"],
        )
        for row in grouped
    ]


Source = tuple[QuerySet, tuple[str, str, str, str], Any, Q]


def _revenue(period: Period, user: Any) -> Source:
    start, end = _moments(period)
    rows = Order.objects.visible_to(user).filter(ordered_at__gte=start, ordered_at__lt=end)
    names = ("customer__owner", "customer__team", "channel", "customer__industry")
    return rows, names, Sum("total_base"), Q(total_base=None)


def _won_amount(period: Period, user: Any) -> Source:
    rows, names, _count, _none = _won_deals(period, user)
    return rows, names, Sum("amount_base"), Q(amount_base=None)


def _won_deals(period: Period, user: Any) -> Source:
    rows = Deal.objects.visible_to(user).filter(
        status=StageKind.WON, closed_on__gte=period.start, closed_on__lt=period.end
    )
    return rows, _DEAL_NAMES, Count("pk"), _NEVER


def _new_deals(period: Period, user: Any) -> Source:
    rows = Deal.objects.visible_to(user).filter(opened_on__gte=period.start, opened_on__lt=period.end)
    return rows, _DEAL_NAMES, Count("pk"), _NEVER


def _new_customers(period: Period, user: Any) -> Source:
    """Customers who reached the stage of customers in the period for the first time."""
    start, end = _moments(period)
    reached = StageChange.objects.filter(customer=OuterRef("pk"), to_stage__kind=LifecycleKind.CUSTOMER)
    rows = Customer.objects.visible_to(user).filter(
        Exists(reached.filter(at__gte=start, at__lt=end)), ~Exists(reached.filter(at__lt=start))
    )
    return rows, ("owner", "team", "source__name", "industry"), Count("pk"), _NEVER


_NEVER = Q(pk=None)
_DEAL_NAMES = ("owner", "team", "source__name", "customer__industry")
_SOURCES: dict[TargetMetric, Callable[[Period, Any], Source]] = {
    TargetMetric.REVENUE: _revenue,
    TargetMetric.WON_AMOUNT: _won_amount,
    TargetMetric.WON_DEALS: _won_deals,
    TargetMetric.NEW_DEALS: _new_deals,
    TargetMetric.NEW_CUSTOMERS: _new_customers,
}


def _moments(period: Period) -> tuple[Any, Any]:
    return day_bounds(period.start)[0], day_bounds(period.end)[0]


class Tree:
    """Which teams stand under which; one query."""

    def __init__(self) -> None:
        self._below: dict[int | None, list[int]] = {}
        for pk, parent in Team.objects.order_by("pk").values_list("pk", "parent"):
            self._below.setdefault(parent, []).append(pk)

    def under(self, team: int) -> set[int]:
        """The team and all below it."""
        found, queue = set(), [team]
        while queue:
            pk = queue.pop()
            if pk not in found:
                found.add(pk)
                queue += self._below.get(pk, [])
        return found


def reached(target: Target, known: Iterable[Fact], tree: Tree) -> Reached:
    """The facts that count for a target."""
    teams = tree.under(target.team_id) if target.team_id else None
    mine = [
        fact
        for fact in known
        if (target.owner_id is None or fact.owner == target.owner_id)
        and (teams is None or fact.team in teams)
        and (not target.channel or fact.channel.casefold() == target.channel.casefold())
        and (not target.segment or fact.segment.casefold() == target.segment.casefold())
    ]
    return Reached(
        sum((fact.value for fact in mine), ZERO),
        sum(fact.rows for fact in mine),
        sum(fact.unpriced for fact in mine),
    )


def standings(targets: Sequence[Target], period: Period, user: Any, day: date) -> list[Standing]:
    """The targets of one period with what was reached; one query for each measure they use."""
    known = {metric: facts(metric, period, user) for metric in {target.metric for target in targets}}
    tree, rates = Tree(), Rates()
    return [
        _standing(target, reached(target, known[target.metric], tree), period, rates, day)
        for target in targets
    ]


def _standing(target: Target, found: Reached, period: Period, rates: Rates, day: date) -> Standing:
    value: Decimal | None = target.value
    if target.metric in MONEY_METRICS:
        value = rates.to_base(target.value, target.currency, period.start)
    if value is None:
        return Standing(target, found, None)
    return Standing(target, found, progress(value, found.value, start=period.start, end=period.end, day=day))


@dataclass(frozen=True)
class Past:
    """What was reached in one earlier period."""

    period: Period
    value: Decimal


def history(target: Target, period: Period, user: Any, *, count: int = HISTORY) -> list[Past]:
    """What the target's people reached in the periods up to and with its own, oldest first."""
    tree = Tree()
    periods = [period.previous(back) for back in range(count - 1, -1, -1)]
    return [Past(p, reached(target, facts(target.metric, p, user), tree).value) for p in periods]


def last_period(metric: str, period: Period, user: Any) -> tuple[Decimal, dict[str, Decimal]]:
    """What the period before reached: in all, and by channel."""
    known = facts(metric, period.previous(), user)
    by_channel: dict[str, Decimal] = {}
    for fact in known:
        by_channel[fact.channel] = by_channel.get(fact.channel, ZERO) + fact.value
    return sum(by_channel.values(), ZERO), by_channel


@dataclass(frozen=True)
class Decisions:
    """Deals decided in a period."""

    decided: int
    won: int
    amount: Decimal

    @property
    def average(self) -> Decimal | None:
        """What a won deal was worth; None where none was won."""
        return self.amount / self.won if self.won else None


def decisions(target: Target, period: Period, user: Any) -> Decisions:
    """The decided deals of the people a target is for."""
    rows = _deals_of(target, user).filter(closed_on__gte=period.start, closed_on__lt=period.end)
    found = rows.order_by().aggregate(
        decided=Count("pk", filter=~Q(status=StageKind.OPEN)),
        won=Count("pk", filter=Q(status=StageKind.WON)),
        amount=Coalesce(Sum("amount_base", filter=Q(status=StageKind.WON)), ZERO),
    )
    return Decisions(found["decided"], found["won"], found["amount"])


def gap_drivers(target: Target, period: Period, user: Any) -> tuple[Drivers | None, Decisions, Decisions]:
    """What changed against the period before: volume, win rate, deal size."""
    before, now = decisions(target, period.previous(), user), decisions(target, period, user)
    effects = drivers((before.decided, before.won, before.amount), (now.decided, now.won, now.amount))
    return effects, before, now


@dataclass(frozen=True)
class Outlook:
    """Open deals expected to close within the period."""

    deals: int
    amount: Decimal
    weighted: Decimal


def outlook(target: Target, period: Period, user: Any) -> Outlook:
    rows = _deals_of(target, user).filter(
        status=StageKind.OPEN, expected_close_on__gte=period.start, expected_close_on__lt=period.end
    )
    found = rows.order_by().aggregate(
        deals=Count("pk"),
        amount=Coalesce(Sum("amount_base"), ZERO),
        weighted=Coalesce(Sum(F("amount_base") * F("probability")), ZERO),
    )
    return Outlook(found["deals"], found["amount"], Decimal(found["weighted"]) / 100)


def _deals_of(target: Target, user: Any) -> QuerySet:
    rows = Deal.objects.visible_to(user)
    if target.owner_id:
        rows = rows.filter(owner=target.owner_id)
    if target.team_id:
        rows = rows.filter(team__in=Tree().under(target.team_id))
    if target.channel:
        rows = rows.filter(source__name__iexact=target.channel)
    if target.segment:
        rows = rows.filter(customer__industry__iexact=target.segment)
    return rows


@dataclass(frozen=True)
class Suggestion:
    """The next target proposed for one that is over."""

    standing: Standing
    value: Decimal
    reason: str
    already: bool  # the next period has one


def suggestions(targets: Sequence[Target], period: Period, user: Any, day: date) -> list[Suggestion]:
    """What the targets of a closed period lead to: met, a tenth more; missed, the trend."""
    metrics = {target.metric for target in targets}
    periods = [period.previous(back) for back in range(HISTORY - 1, -1, -1)]
    known = {(metric, p.key): facts(metric, p, user) for metric in metrics for p in periods}
    tree, following = Tree(), period.next()
    there = {
        (t.metric, t.owner_id, t.team_id, t.channel, t.segment)
        for t in Target.objects.visible_to(user).filter(period=period.kind, starts_on=following.start)
    }
    found = []
    for standing in standings(targets, period, user, day):
        target = standing.target
        if standing.progress is None:
            continue
        past = [reached(target, known[target.metric, p.key], tree).value for p in periods]
        first = next((n for n, value in enumerate(past) if value), len(past) - 1)
        proposal = propose_next(standing.progress.target, past[first:], step=_step(standing.progress.target))
        key = (target.metric, target.owner_id, target.team_id, target.channel, target.segment)
        found.append(Suggestion(standing, proposal.value, proposal.reason, key in there))
    return found


def _step(target: Decimal) -> Decimal:
    """Targets are round numbers: three digits are kept."""
    return max(Decimal(1), Decimal(10) ** (target.adjusted() - 2))
