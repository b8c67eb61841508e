"""Competitors, and how each deal with them ended.

The outcome follows the deal: a won deal beat everybody still competing; a lost one was lost to whom its
review or its seller names; an open one has no outcome yet. Only "they withdrew" is always said by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set, refresh_with
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.constants import CompetitorOutcome as Outcome
from deals.constants import StageKind
from deals.models import Competitor, Deal, DealCompetitor, WinLossReview
from deals.services.stages import lock

Kind = ChangeSet.Kind
STEP = 500
#: What can be said by hand of a competitor, by the status of the deal; the rest follows.
SAID = {
    StageKind.OPEN: (Outcome.COMPETING, Outcome.WITHDREW),
    StageKind.WON: (Outcome.BEATEN, Outcome.WITHDREW),
    StageKind.LOST: (Outcome.COMPETING, Outcome.LOST_TO, Outcome.WITHDREW),
}


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Deal, refresh_outcomes)
    refresh_with(DealCompetitor, _refresh_of(DealCompetitor))
    refresh_with(WinLossReview, _refresh_of(WinLossReview))


def create_competitor(*, values: Mapping[str, Any], actor: Any) -> Competitor:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return log.create(Competitor(**values))


def update_competitor(
    competitor: Competitor, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(competitor, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def add_competitor(deal: Deal, *, values: Mapping[str, Any], actor: Any) -> DealCompetitor:
    """Put a competitor on the deal."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        lock(deal)
        row = log.create(DealCompetitor(deal=deal, **values))
    row.refresh_from_db()
    return row


def update_deal_competitor(
    row: DealCompetitor, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change what is said of a competitor in one deal."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        lock(row.deal)
        if "outcome" in values and values["outcome"] != row.outcome:
            _check_outcome(row, values["outcome"])
            if values["outcome"] == Outcome.LOST_TO:
                _only_one(row, log)
        log.update(row, values, expected_version=expected_version)
    row.refresh_from_db()
    return log.row if log.row.pk else None


def _check_outcome(row: DealCompetitor, outcome: str) -> None:
    if outcome not in SAID[StageKind(row.deal.status)]:
        raise RuleViolation(_("This does not fit how the deal stands."), field="outcome")
    named = _named([row.deal_id]).get(row.deal_id)
    if named is not None and (outcome == Outcome.LOST_TO) != (named == row.competitor_id):
        raise RuleViolation(
            _("The review of this deal says who it was lost to. Change it there."), field="outcome"
        )


def _only_one(row: DealCompetitor, log: ChangeLog) -> None:
    others = DealCompetitor.objects.alive().filter(deal=row.deal, outcome=Outcome.LOST_TO)
    for other in others.exclude(pk=row.pk):
        log.update(other, {"outcome": Outcome.COMPETING})


def outcome_of(outcome: str, status: str, *, named: bool | None) -> str:
    """What follows from the deal. `named`: whether its review names them; None where it names nobody."""
    if status == StageKind.LOST and named:
        return Outcome.LOST_TO
    if outcome == Outcome.WITHDREW:
        return outcome
    if status == StageKind.OPEN:
        return Outcome.COMPETING
    if status == StageKind.WON:
        return Outcome.BEATEN
    return outcome if outcome == Outcome.LOST_TO and named is None else Outcome.COMPETING


def refresh_outcomes(ids: set[int]) -> None:
    """Bring the outcomes of these deals into step; writes only what differs."""
    deals = sorted(ids)
    for start in range(0, len(deals), STEP):
        chunk = deals[start : start + STEP]
        rows = DealCompetitor.objects.alive().filter(deal__in=chunk).select_related("deal").order_by("pk")
        found = list(rows.only("outcome", "competitor", "deal__status"))
        named = _named(chunk) if found else {}
        for row in found:
            who = named.get(row.deal_id)
            outcome = outcome_of(
                row.outcome, row.deal.status, named=None if who is None else who == row.competitor_id
            )
            if outcome != row.outcome:
                DealCompetitor._base_manager.filter(pk=row.pk).update(outcome=outcome)


def _refresh_of(model: type[DealCompetitor] | type[WinLossReview]) -> Any:
    def refresh(ids: set[int]) -> None:
        refresh_outcomes(set(model._base_manager.filter(pk__in=ids).values_list("deal_id", flat=True)))

    return refresh


def _named(deals: list[int]) -> dict[int, int]:
    """The competitor each deal's review names."""
    rows = WinLossReview.objects.alive().filter(deal__in=deals, competitor__isnull=False)
    return {deal: who for deal, who in rows.values_list("deal_id", "competitor_id") if who is not None}
