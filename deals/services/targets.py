"""Targets, the plan to reach them, and what is improved after a period that missed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.organisation import get_organisation
from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.periods import Period, period_of
from deals.constants import MONEY_METRICS
from deals.models import PlanLine, Target
from deals.selectors.periods import fiscal_start


@dataclass(frozen=True)
class Goal:
    """One target to be set: for whom, and how much."""

    value: Decimal
    owner_id: int | None = None
    team_id: int | None = None
    channel: str = ""
    segment: str = ""


def create_target(*, data: Mapping[str, Any], actor: Any) -> Target:
    """Set a target. `starts_on` may be any day of the period."""
    target = Target(**_complete(dict(data)))
    with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
        log.create(target)
    return target


def update_target(
    *, target: Target, data: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change a target; the period is made whole again where it was changed."""
    now = {
        name: data.get(name, getattr(target, name)) for name in ("metric", "period", "starts_on", "currency")
    }
    values = {**data, **_complete(now)}
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(target, values, expected_version=expected_version)
    return log.row if log.touched else None


def delete_target(*, target: Target, actor: Any) -> ChangeSet:
    """Move a target to the trash, with its plan and its actions."""
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        for part in (*target.plan.alive(), *target.improvements.alive()):
            log.trash(part)
        log.trash(target)
    return log.row


def restore_target(target: Target, *, actor: Any) -> ChangeSet:
    """Bring a target back with what went to the trash together with it."""
    with change_set(kind=ChangeSet.Kind.RESTORE, actor=actor) as log:
        together = {"deleted_at": target.deleted_at}
        parts = (*target.plan.filter(**together), *target.improvements.filter(**together))
        for row in (target, *parts):
            log.update(row, {"deleted_at": None})
    return log.row


def set_goals(
    *, metric: str, period: Period, goals: Iterable[Goal], actor: Any
) -> tuple[ChangeSet | None, int]:
    """Set many targets of one period in one act; those there are get the new value.

    Returns the change set (None where all stood so already) and how many targets were set.
    """
    goals = list(goals)
    if any(goal.value <= 0 for goal in goals):
        raise RuleViolation(_("A target is more than zero."))
    known = {
        (t.owner_id, t.team_id, t.channel, t.segment): t
        for t in Target.objects.alive().filter(metric=metric, period=period.kind, starts_on=period.start)
    }
    common = _complete({"metric": metric, "period": period.kind, "starts_on": period.start})
    reason = _("Goals for %(period)s") % {"period": period}
    with change_set(kind=ChangeSet.Kind.BULK, actor=actor, reason=reason) as log:
        for goal in goals:
            there = known.get((goal.owner_id, goal.team_id, goal.channel, goal.segment))
            if there is not None:
                log.update(there, {"value": goal.value, "currency": common["currency"]})
                continue
            log.create(
                Target(
                    **common,
                    value=goal.value,
                    owner_id=goal.owner_id,
                    team_id=goal.team_id,
                    channel=goal.channel,
                    segment=goal.segment,
                )
            )
    return (log.row if log.touched else None), len(goals)


def _complete(data: dict[str, Any]) -> dict[str, Any]:
    """The first day and the end of the period, and the currency the measure is in."""
    period = period_of(data["starts_on"], data["period"], fiscal_start=fiscal_start())
    currency = ""
    if data["metric"] in MONEY_METRICS:
        currency = data.get("currency") or get_organisation().base_currency
    return {**data, "starts_on": period.start, "ends_before": period.end, "currency": currency}


def finish_plan_line(line: PlanLine, *, actor: Any) -> ChangeSet | None:
    """Done today; done twice changes nothing."""
    if line.done_on:
        return None
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(line, {"done_on": today()})
    return log.row
