"""Win/loss reviews: one for each closed deal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import today
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.models import Deal, DealCompetitor, WinLossReview
from deals.services.stages import lock

Kind = ChangeSet.Kind


def write_review(deal: Deal, *, values: Mapping[str, Any], actor: Any) -> WinLossReview:
    """Say why a closed deal was won or lost. A competitor it names is on the deal from then on."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        lock(deal)
        if deal.is_open:
            raise RuleViolation(_("A deal is reviewed once it is closed."), code="open")
        values = {"reviewed_on": today(), "reviewer": actor, **values}
        review = log.create(WinLossReview(deal=deal, **values))
        _meet(review, log)
    return review


def update_review(
    review: WinLossReview, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        lock(review.deal)
        log.update(review, values, expected_version=expected_version)
        _meet(review, log)
    return log.row if log.row.pk else None


def _meet(review: WinLossReview, log: ChangeLog) -> None:
    """The competitor of the review is among those of the deal."""
    if review.competitor is None:
        return
    there = DealCompetitor.objects.alive().filter(deal=review.deal, competitor=review.competitor)
    if not there.exists():
        log.create(DealCompetitor(deal=review.deal, competitor=review.competitor))
