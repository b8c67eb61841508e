"""How often each stage led to a win: counted anew while the history is short, else as the night found it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count

from deals.constants import StageKind
from deals.engine.chances import Chance, chance
from deals.models import DealStageChange, Stage, StoredResult

KEY = "stage_chances"
# Up to so many moves a page counts itself; it takes some hundredths of a second.
LIVE = 20_000

# Stage → (won, closed) among the deals that ever entered it.
Counts = dict[int, tuple[int, int]]


@dataclass(frozen=True)
class StageChances:
    """The chance of each open stage. `as_of` is None where it was counted just now; `counted` is False
    where a long history waits for the night."""

    of: dict[int, Chance]
    as_of: datetime | None
    counted: bool

    def value(self, stage: int) -> Decimal:
        """What a deal in this stage is weighted by; won deals count whole."""
        found = self.of.get(stage)
        return found.value if found else Decimal(1)


def stage_chances(stages: Iterable[Stage]) -> StageChances:
    stored = StoredResult.objects.filter(key=KEY).first()
    counts, as_of, counted = _read(stored)
    of = {}
    for stage in stages:
        if stage.kind == StageKind.OPEN:
            won, closed = counts.get(stage.pk, (0, 0))
            of[stage.pk] = chance(set_percent=stage.probability, won=won, closed=closed)
    return StageChances(of, as_of, counted)


def _read(stored: StoredResult | None) -> tuple[Counts, datetime | None, bool]:
    if stored is not None and stored.rows > LIVE:
        return {int(stage): (won, closed) for stage, won, closed in stored.data}, stored.computed_at, True
    if stored is None and DealStageChange.objects.order_by()[: LIVE + 1].count() > LIVE:
        return {}, None, False
    return count_closed(), None, True


def count_closed() -> Counts:
    """Of the closed deals that ever entered a stage, how many were won."""
    rows = DealStageChange.objects.order_by().filter(
        deal__deleted_at=None, deal__status__in=[StageKind.WON, StageKind.LOST]
    )
    counts: dict[int, list[int]] = {}
    for stage, status, n in rows.values_list("to_stage", "deal__status").annotate(
        n=Count("deal", distinct=True)
    ):
        found = counts.setdefault(stage, [0, 0])
        found[0] += n if status == StageKind.WON else 0
        found[1] += n
    return {stage: (won, closed) for stage, (won, closed) in counts.items()}
