"""Moves of a deal through its pipeline: each one is a row, and takes the customer along its funnel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import today
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet
from customers.constants import StageKind as LifecycleKind
from customers.models import Customer, LifecycleStage
from customers.services import stages as lifecycle
from deals.constants import StageKind
from deals.models import CloseDateChange, Deal, DealStageChange, LostReason, Stage
from deals.services.required import labels, missing_fields

# Where a deal takes its customer: (lifecycle kinds it takes them from, the kind it takes them to).
ON_OPEN = (frozenset({LifecycleKind.LEAD, LifecycleKind.QUALIFIED}), LifecycleKind.OPPORTUNITY)
ON_WON = (
    frozenset({LifecycleKind.LEAD, LifecycleKind.QUALIFIED, LifecycleKind.OPPORTUNITY, LifecycleKind.LOST}),
    LifecycleKind.CUSTOMER,
)


class MissingFields(RuleViolation):
    """The stage asks for fields that are empty; `fields` names them, so that a page can ask for these."""

    def __init__(self, stage: Stage, fields: Sequence[str]) -> None:
        self.fields = list(fields)
        words = ", ".join(labels(fields))
        super().__init__(
            _("“%(stage)s” needs first: %(fields)s.") % {"stage": stage, "fields": words},
            field=self.fields[0],
            code="missing",
        )


def move_deal(
    deal: Deal,
    *,
    stage: Stage,
    actor: Any,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    lost_reason: LostReason | None = None,
    lost_note: str = "",
    closed_on: date | None = None,
) -> ChangeSet | None:
    """Move a deal to another stage, setting `values` (what the stage asked for) in the same act.

    Returns the change set, None where the deal is there already. Raises StaleRecord where somebody was
    faster, MissingFields where the stage asks for more, RuleViolation(field="lost_reason") where a
    lost deal comes without its reason.
    """
    if deal.stage_id == stage.pk and not values and expected_version in (None, deal.version):
        return None
    with change_set(kind=ChangeSet.Kind.STAGE, actor=actor, reason=reason) as log:
        move(
            deal,
            stage=stage,
            log=log,
            reason=reason,
            expected_version=expected_version,
            at=at,
            values=values,
            lost_reason=lost_reason,
            lost_note=lost_note,
            closed_on=closed_on,
        )
    deal.refresh_from_db()
    return log.row if log.row.pk else None


def move(
    deal: Deal,
    *,
    stage: Stage,
    log: ChangeLog,
    reason: str = "",
    expected_version: int | None = None,
    at: datetime | None = None,
    values: Mapping[str, Any] | None = None,
    lost_reason: LostReason | None = None,
    lost_note: str = "",
    closed_on: date | None = None,
    required: bool = True,
) -> None:
    """The move itself, for acts that do more in one change set. `required=False` moves a deal whatever
    the stage asks for: one that is reopened, or whose stage is taken away."""
    lock(deal, expected_version)
    at = at or timezone.now()
    origin, since = deal.stage, deal.stage_since
    new = {**(values or {}), **_entering(deal, stage, at, lost_reason, lost_note, closed_on)}
    _refuse(deal, stage, new, required=required)
    write(deal, new, log=log)
    if origin.pk != stage.pk:
        log.create(
            DealStageChange(
                deal=deal,
                from_stage=origin,
                to_stage=stage,
                at=at,
                by=log.actor,
                reason=(reason.strip() or _why(new))[:300],
                seconds=max(0, int((at - since).total_seconds())),
            ),
            validate=False,
        )
        take_customer_along(deal, log=log)


def lock(deal: Deal, expected_version: int | None = None) -> None:
    """Read the deal anew and keep it from others until the act is done."""
    deal.refresh_from_db(from_queryset=Deal._base_manager.select_for_update())
    if expected_version not in (None, deal.version):
        raise StaleRecord(deal, expected_version or 0)
    if deal.in_trash:
        raise RuleViolation(_("This deal is in the trash."))


def write(deal: Deal, values: Mapping[str, Any], *, log: ChangeLog) -> None:
    """Set fields of a locked deal; a close date that moves leaves a row of the slip history."""
    before = deal.expected_close_on
    log.update(deal, values)
    if before != deal.expected_close_on:
        log.create(slip(deal, before, log), validate=False)


def slip(deal: Deal, before: date | None, log: ChangeLog) -> CloseDateChange:
    """The row that tells a moved close date."""
    return CloseDateChange(
        deal=deal, from_date=before, to_date=deal.expected_close_on, at=timezone.now(), by=log.actor
    )


def win_deal(
    deal: Deal,
    *,
    actor: Any,
    closed_on: date | None = None,
    expected_version: int | None = None,
    values: Mapping[str, Any] | None = None,
    log: ChangeLog | None = None,
) -> None:
    """Move a deal to the won stage of its pipeline."""
    with _act(deal, actor, log) as act:
        move(
            deal,
            stage=stage_of_kind(deal, StageKind.WON),
            log=act,
            expected_version=expected_version,
            values=values,
            closed_on=closed_on,
        )


def lose_deal(
    deal: Deal,
    *,
    actor: Any,
    lost_reason: LostReason | None,
    lost_note: str = "",
    closed_on: date | None = None,
    expected_version: int | None = None,
    log: ChangeLog | None = None,
) -> None:
    """Move a deal to the lost stage of its pipeline, with the reason."""
    with _act(deal, actor, log) as act:
        move(
            deal,
            stage=stage_of_kind(deal, StageKind.LOST),
            log=act,
            expected_version=expected_version,
            lost_reason=lost_reason,
            lost_note=lost_note,
            closed_on=closed_on,
        )


def reopen_deal(
    deal: Deal,
    *,
    actor: Any,
    reason: str = "",
    expected_version: int | None = None,
    log: ChangeLog | None = None,
) -> None:
    """Open a closed deal again, in the stage it was closed from. What was said at closing stays in
    the history."""
    with _act(deal, actor, log, reason=reason) as act:
        lock(deal, expected_version)
        if deal.is_open:
            raise RuleViolation(_("This deal is open."))
        move(deal, stage=_stage_before_closing(deal), log=act, reason=reason, required=False)


def enter_pipeline(deals: Sequence[Deal], *, log: ChangeLog) -> None:
    """Write the first row of new deals, in the change set that made them."""
    log.bulk_create(
        [
            DealStageChange(deal=row, to_stage_id=row.stage_id, at=row.stage_since, by=log.actor)
            for row in deals
        ]
    )


def take_customer_along(deal: Deal, *, log: ChangeLog) -> None:
    """An open deal makes an opportunity of a lead, a won one makes a customer of it."""
    step = {StageKind.OPEN: ON_OPEN, StageKind.WON: ON_WON}.get(StageKind(deal.status))
    if step is None or deal.customer_id is None:
        return
    kinds, target = step
    rows = Customer._base_manager.filter(pk=deal.customer_id, deleted_at=None, stage__kind__in=kinds)
    customer = rows.select_related("stage").first()
    stage = LifecycleStage.objects.filter(kind=target).order_by("position", "pk").first()
    if customer is not None and stage is not None:
        lifecycle.move(customer, stage=stage, log=log)


def stage_of_kind(deal: Deal, kind: str) -> Stage:
    """The first stage of this kind in the deal's pipeline."""
    stage = deal.pipeline.stages.alive().filter(kind=kind).order_by("position", "pk").first()
    if stage is None:
        raise RuleViolation(
            _("The pipeline “%(pipeline)s” has no stage of the kind “%(kind)s”.")
            % {"pipeline": deal.pipeline, "kind": StageKind(kind).label}
        )
    return stage


@contextmanager
def _act(deal: Deal, actor: Any, log: ChangeLog | None, *, reason: str = "") -> Iterator[ChangeLog]:
    """The change set of the caller, or one of its own."""
    if log is not None:
        yield log
        return
    with change_set(kind=ChangeSet.Kind.STAGE, actor=actor, reason=reason) as own:
        yield own
    deal.refresh_from_db()


def _stage_before_closing(deal: Deal) -> Stage:
    moves = DealStageChange.objects.filter(
        deal=deal,
        from_stage__kind=StageKind.OPEN,
        from_stage__pipeline=deal.pipeline_id,
        from_stage__deleted_at=None,
    )
    last = moves.select_related("from_stage").order_by("-at", "-pk").first()
    if last is not None and last.from_stage is not None:
        return last.from_stage
    return stage_of_kind(deal, StageKind.OPEN)


def _entering(
    deal: Deal,
    stage: Stage,
    at: datetime,
    lost_reason: LostReason | None,
    lost_note: str,
    closed_on: date | None,
) -> dict[str, Any]:
    """The columns a move sets. A closed deal is not guessed any more: its own guesses end here."""
    values: dict[str, Any] = {"stage": stage, "pipeline": stage.pipeline, "status": stage.kind}
    if stage.pk != deal.stage_id:
        values["stage_since"] = at
    if stage.kind == StageKind.OPEN:
        return {**values, "closed_on": None, "lost_reason": None, "lost_note": ""}
    same = deal.status == stage.kind
    values["closed_on"] = closed_on or (deal.closed_on if same else today(at))
    values["lost_reason"], values["lost_note"] = None, ""
    if stage.kind == StageKind.LOST:
        values["lost_reason"] = lost_reason or (deal.lost_reason if same else None)
        values["lost_note"] = lost_note.strip() or (deal.lost_note if same else "")
    if deal.probability_overridden:
        values |= {"probability_overridden": False, "probability": stage.probability}
    if deal.forecast_overridden:
        values |= {"forecast_overridden": False, "forecast_category": stage.forecast_category}
    return values


def _refuse(deal: Deal, stage: Stage, values: Mapping[str, Any], *, required: bool) -> None:
    """Raise for a move that may not be."""
    if stage.in_trash:
        raise RuleViolation(_("This stage is not there any more."), field="stage")
    if stage.pipeline_id != deal.pipeline_id and not stage.pipeline.is_active:
        raise RuleViolation(_("This pipeline takes no new deals."), field="stage")
    if values["closed_on"] and values["closed_on"] > today():
        raise RuleViolation(_("A deal cannot be closed on a day to come."), field="closed_on")
    missing = missing_fields(deal, values, stage.required_fields) if required else []
    if missing:
        raise MissingFields(stage, missing)
    if stage.kind == StageKind.LOST and stage.pk != deal.stage_id:
        refuse_reason(values["lost_reason"], values["lost_note"])


def refuse_reason(lost_reason: LostReason | None, note: str) -> None:
    """A lost deal says why; some reasons need words."""
    if lost_reason is None:
        raise RuleViolation(
            _("Say why, please: this is what can be learned from."), field="lost_reason", code="lost_reason"
        )
    if lost_reason.requires_note and not note.strip():
        raise RuleViolation(
            _("This reason needs a note: what happened?"), field="lost_note", code="lost_reason"
        )


def _why(values: Mapping[str, Any]) -> str:
    """Ready-made reasons are in the catalogue and translated when they are shown."""
    return values["lost_reason"].name if values["lost_reason"] else ""
