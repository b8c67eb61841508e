"""How often we are in touch with a customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.clock import today
from activities.models import CadencePlan
from activities.services.acts import Act, act
from core.changes import change_set
from core.models import ChangeSet
from customers.models import Customer


def plan_cadence(
    *, customer: Customer, interval: str, actor: Any, channel: str = "", starts_on: date | None = None
) -> Act:
    """Give a customer a cadence, or change the one they have."""
    existing = CadencePlan.objects.alive().filter(customer=customer).first()
    values: dict[str, Any] = {"interval": interval, "channel": channel}
    if existing:
        if starts_on:
            values["starts_on"] = starts_on
        return edit_cadence(plan=existing, values=values, actor=actor)
    plan = CadencePlan(customer=customer, starts_on=starts_on or today(), **values)
    with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
        log.create(plan)
    plan.refresh_from_db(fields=["last_on", "next_on"])
    return act(plan, log)


def edit_cadence(
    *, plan: CadencePlan, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> Act:
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(plan, values, expected_version=expected_version)
    plan.refresh_from_db(fields=["last_on", "next_on"])
    return act(plan, log)


def postpone_cadence(*, plan: CadencePlan, to: date, actor: Any) -> Act:
    """Put the next contact off to a day; the rhythm itself stays."""
    return edit_cadence(plan=plan, values={"not_before": to}, actor=actor)


def stop_cadence(*, plan: CadencePlan, actor: Any) -> Act:
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        log.trash(plan)
    return act(plan, log)
