"""Making and changing deals, the trash, and coming back from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.organisation import get_organisation
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.constants import StageKind
from deals.models import Deal, Pipeline, Stage
from deals.services import stages
from deals.services.required import missing_fields

Kind = ChangeSet.Kind
#: Set by a move only.
MOVED = frozenset({"stage", "pipeline", "lost_reason", "lost_note"})


def create_deal(*, data: Mapping[str, Any], actor: Any, log: ChangeLog | None = None) -> Deal:
    """Make a deal. Unless `data` says otherwise it is the actor's, opened today in the first stage of
    the default pipeline, in the customer's currency, and follows the stage's probability."""
    if log is not None:
        return _create(data, actor, log)
    with change_set(kind=Kind.CREATE, actor=actor) as own:
        deal = _create(data, actor, own)
    deal.refresh_from_db()
    return deal


def _create(data: Mapping[str, Any], actor: Any, log: ChangeLog) -> Deal:
    values = _defaults(normal_values(data), actor)
    links = {name: values.pop(name) for name in ("tags", "collaborators") if name in values}
    own_guesses(values, values["stage"])
    deal = Deal(**values)
    _refuse_start(deal)
    log.create(deal)
    # A new row names its origin; its first tags need no history of their own.
    for name, rows in links.items():
        getattr(deal, name).set(rows)
    stages.enter_pipeline([deal], log=log)
    stages.take_customer_along(deal, log=log)
    return deal


def _defaults(values: dict[str, Any], actor: Any) -> dict[str, Any]:
    values.setdefault("owner", actor)
    if values.get("team") is None and values["owner"]:
        values["team"] = values["owner"].team
    stage = values.get("stage") or first_stage(values.get("pipeline"))
    values |= {"stage": stage, "pipeline": stage.pipeline, "status": stage.kind}
    customer = values.get("customer")
    values["currency"] = values.get("currency") or currency_for(customer)
    values["opened_on"] = values.get("opened_on") or today()
    if stage.kind == StageKind.OPEN:
        values["closed_on"] = None
    else:
        values["closed_on"] = values.get("closed_on") or today()
    values.setdefault("stage_since", timezone.now())
    return {name: value for name, value in values.items() if value is not None}


def currency_for(customer: Any) -> str:
    """What a new deal is priced in."""
    return (customer.currency if customer else "") or get_organisation().base_currency


def first_stage(pipeline: Pipeline | None = None) -> Stage:
    """Where a new deal begins: the first open stage of this pipeline, or of the default one."""
    if pipeline is None:
        pipeline = Pipeline.objects.active().order_by("-is_default", "position", "pk").first()
    open_stages = Stage.objects.alive().filter(pipeline=pipeline, kind=StageKind.OPEN)
    stage = open_stages.select_related("pipeline").order_by("position", "pk").first()
    if stage is None:
        raise RuleViolation(_("Set up a pipeline with at least one open stage first."), field="pipeline")
    return stage


def _refuse_start(deal: Deal) -> None:
    if not deal.pipeline.is_active:
        raise RuleViolation(_("This pipeline takes no new deals."), field="pipeline")
    missing = missing_fields(deal, {}, deal.stage.required_fields)
    if missing:
        raise stages.MissingFields(deal.stage, missing)
    if deal.status == StageKind.LOST:
        stages.refuse_reason(deal.lost_reason, deal.lost_note)
    if deal.closed_on and deal.closed_on > today():
        raise RuleViolation(_("A deal cannot be closed on a day to come."), field="closed_on")


def update_deal(
    *,
    deal: Deal,
    data: Mapping[str, Any],
    actor: Any,
    expected_version: int | None = None,
    reason: str = "",
) -> ChangeSet | None:
    """Change fields; a new `stage` (or `pipeline`) among them is a move. None where nothing differs."""
    values = normal_values(data)
    with change_set(kind=Kind.EDIT, actor=actor, reason=reason) as log:
        stages.lock(deal, expected_version)
        change(deal, values, log=log)
    deal.refresh_from_db()
    return log.row if log.row.pk else None


def change(deal: Deal, values: Mapping[str, Any], *, log: ChangeLog) -> None:
    """The change itself on a locked deal, for acts that do more in one change set."""
    values = dict(values)
    if "owner" in values and "team" not in values and values["owner"] != deal.owner:
        values["team"] = values["owner"].team if values["owner"] else deal.team
    _refuse_change(deal, values)
    target = _target(deal, values)
    own_guesses(values, target or deal.stage)
    moved = {name: values.pop(name) for name in MOVED & values.keys()}
    customer_id = deal.customer_id
    if target is None:
        if deal.status == StageKind.LOST:
            values |= {name: moved[name] for name in ("lost_reason", "lost_note") if name in moved}
        stages.write(deal, values, log=log)
    else:
        stages.move(
            deal,
            stage=target,
            log=log,
            values=values,
            lost_reason=moved.get("lost_reason"),
            lost_note=moved.get("lost_note", ""),
            closed_on=values.pop("closed_on", None),
        )
    if deal.customer_id != customer_id:
        stages.take_customer_along(deal, log=log)


def _target(deal: Deal, values: Mapping[str, Any]) -> Stage | None:
    """The stage the values lead to, None where it is the present one."""
    stage: Stage | None = values.get("stage")
    pipeline = values.get("pipeline")
    if (
        pipeline is not None
        and pipeline.pk != deal.pipeline_id
        and (stage is None or stage.pipeline_id != pipeline.pk)
    ):
        stage = first_stage(pipeline)
    return stage if stage is not None and stage.pk != deal.stage_id else None


def _refuse_change(deal: Deal, values: Mapping[str, Any]) -> None:
    if values.get("closed_on") and values["closed_on"] > today():
        raise RuleViolation(_("A deal cannot be closed on a day to come."), field="closed_on")
    for name in ("amount", "currency"):
        if name in values and values[name] != getattr(deal, name) and deal.lines.alive().exists():
            raise RuleViolation(_("The products of this deal add up to its amount: change them."), field=name)


def normal_values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Values in the form they are kept: EUR."""
    values = dict(data)
    if values.get("currency"):
        values["currency"] = values["currency"].upper()
    return values


def own_guesses(values: dict[str, Any], stage: Stage) -> None:
    """A probability or category other than the stage's is the deal's own; the same one, or none at
    all, follows the stage from now on. What is closed is not guessed."""
    for name, flag in (
        ("probability", "probability_overridden"),
        ("forecast_category", "forecast_overridden"),
    ):
        if name not in values:
            continue
        given = values.pop(name)
        own = stage.is_open and given not in (None, "", getattr(stage, name))
        values[flag] = own
        if own:
            values[name] = given


def trash_deal(deal: Deal, *, actor: Any, reason: str = "") -> ChangeSet:
    """Move a deal to the trash. Its parts stay with it and come back with it."""
    with change_set(kind=Kind.TRASH, actor=actor, reason=reason) as log:
        log.trash(deal)
    return log.row


def restore_deal(deal: Deal, *, actor: Any) -> ChangeSet:
    """Take a deal out of the trash. Raises ValidationError where its number is taken."""
    with change_set(kind=Kind.RESTORE, actor=actor) as log:
        log.restore(deal)
    return log.row
