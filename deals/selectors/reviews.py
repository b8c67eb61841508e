"""What decided the deals that were closed, from their reviews."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet

from core.periods import Period
from deals.constants import Decided, StageKind
from deals.models import Competitor, Deal, DealCompetitor, WinLossReview
from deals.selectors.competition import Standing, standings

STATUSES = (StageKind.WON, StageKind.LOST)


@dataclass
class Tally:
    """Closed deals of a span: how many, how many of them reviewed, and what decided those."""

    closed: int = 0
    reviewed: int = 0
    decided: Counter[tuple[str, str]] = field(default_factory=Counter)  # (what, won or lost)

    @property
    def share(self) -> float | None:
        return self.reviewed / self.closed if self.closed else None


@dataclass(frozen=True)
class Report:
    quarters: list[tuple[Period, Tally]]
    total: Tally
    competitors: list[tuple[Competitor, Standing]]
    words: QuerySet[WinLossReview]  # those that say something in words


def closed_in(period: Period, user: Any, *, owner: int | None, pipeline: int | None) -> QuerySet[Deal]:
    """The deals closed in the period that this person may see."""
    deals = Deal.objects.visible_to(user).filter(
        status__in=STATUSES, closed_on__gte=period.start, closed_on__lt=period.end
    )
    deals = deals if owner is None else deals.filter(owner=owner)
    return deals if pipeline is None else deals.filter(pipeline=pipeline)


def report(deals: QuerySet[Deal], quarters: list[Period]) -> Report:
    """Over these closed deals, by the quarter they were closed in."""
    deals = deals.order_by()
    reviews = WinLossReview.objects.alive().filter(deal__in=deals.values("pk"))
    lines = [(quarter, Tally()) for quarter in quarters]
    total = Tally()
    for day, n in deals.values_list("closed_on").annotate(n=Count("pk")):
        for count in (_of(lines, day), total):
            count.closed += n
    told = reviews.order_by().values_list("deal__closed_on", "decided", "deal__status")
    for day, decided, status, n in told.annotate(n=Count("pk")):
        for count in (_of(lines, day), total):
            count.reviewed += n
            count.decided[decided, status] += n
    met = DealCompetitor.objects.alive().filter(deal__in=deals.values("pk"))
    competitors = {row.pk: row for row in Competitor._base_manager.filter(pk__in=met.values("competitor"))}
    stands = standings(competitors, deals)
    return Report(
        lines,
        total,
        sorted(
            ((competitors[pk], standing) for pk, standing in stands.items()),
            key=lambda line: (-line[1].met, line[0].name, line[0].pk),
        ),
        reviews.exclude(quote="", lesson="")
        .select_related("deal", "competitor")
        .order_by("-reviewed_on", "-pk"),
    )


def _of(lines: list[tuple[Period, Tally]], day: date) -> Tally:
    return next(count for quarter, count in lines if day in quarter)


def kinds_of(total: Tally) -> list[Decided]:
    """What decided at least one deal, the most frequent first."""
    found = [kind for kind in Decided if any(total.decided[kind, status] for status in STATUSES)]
    return sorted(found, key=lambda kind: -sum(total.decided[kind, status] for status in STATUSES))


def reviews_of_deal() -> QuerySet[WinLossReview]:
    """The review of the deal in an outer query."""
    return WinLossReview.objects.alive().filter(deal=OuterRef("pk"))
