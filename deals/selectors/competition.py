"""How deals with each competitor ended, over the deals somebody may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet

from deals.constants import CompetitorOutcome as Outcome
from deals.engine.chances import Share, share
from deals.models import Deal, DealCompetitor


@dataclass(frozen=True)
class Standing:
    """Deals against one competitor by how they ended."""

    competing: int = 0
    beaten: int = 0
    lost_to: int = 0
    withdrew: int = 0

    @property
    def met(self) -> int:
        return self.competing + self.beaten + self.lost_to + self.withdrew

    @property
    def rate(self) -> Share:
        """Of the deals that one of us two won."""
        return share(self.beaten, self.beaten + self.lost_to)


def standings(competitors: Iterable[int], deals: QuerySet[Deal]) -> dict[int, Standing]:
    """By competitor, over these deals."""
    rows = DealCompetitor.objects.alive().filter(
        competitor__in=list(competitors), deal__in=deals.order_by().values("pk")
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, outcome, n in rows.order_by().values_list("competitor", "outcome").annotate(n=Count("pk")):
        found[pk][Outcome(outcome).value] = n
    return {pk: Standing(**counts) for pk, counts in found.items()}


def standing_of(competitor: int, user: Any) -> Standing:
    return standings([competitor], Deal.objects.visible_to(user)).get(competitor, Standing())


def rivals_of_deal() -> QuerySet[DealCompetitor]:
    """The competitors of the deal in an outer query."""
    return DealCompetitor.objects.alive().filter(deal=OuterRef("pk"))
