"""Moves through the lifecycle funnel: each one is a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from customers.constants import StageKind
from customers.models import Customer, LifecycleStage, StageChange


def change_stage(
    customer: Customer,
    *,
    stage: LifecycleStage,
    actor: Any,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> ChangeSet | None:
    """Move a customer to another stage; going to a lost stage asks for the reason.

    Returns the change set, None where the customer is there already.
    """
    if customer.stage_id == stage.pk and expected_version in (None, customer.version):
        return None
    with change_set(kind=ChangeSet.Kind.STAGE, actor=actor, reason=reason) as log:
        move(customer, stage=stage, log=log, reason=reason, expected_version=expected_version, at=at)
    return log.row


def move(
    customer: Customer,
    *,
    stage: LifecycleStage,
    log: ChangeLog,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
) -> None:
    """The move itself, for acts that move many customers in one change set."""
    if stage.kind == StageKind.LOST and not reason.strip():
        raise RuleViolation(_("Say why, please: this is what can be learned from."), field="reason")
    at = at or timezone.now()
    origin, since = customer.stage, customer.stage_since
    log.update(customer, {"stage": stage, "stage_since": at}, expected_version=expected_version)
    log.create(
        StageChange(
            customer=customer,
            from_stage=origin,
            to_stage=stage,
            at=at,
            by=log.actor,
            reason=reason.strip()[:300],
            seconds=max(0, int((at - since).total_seconds())),
        ),
        validate=False,
    )


def enter_funnel(customers: Sequence[Customer], *, log: ChangeLog) -> None:
    """Write the first row of new customers, in the change set that made them."""
    log.bulk_create(
        [
            StageChange(customer=row, to_stage_id=row.stage_id, at=row.stage_since, by=log.actor)
            for row in customers
        ]
    )
