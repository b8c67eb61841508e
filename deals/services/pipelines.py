"""Setting up pipelines, stages and lost reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet, Record
from deals.constants import ForecastCategory, StageKind
from deals.models import Deal, LostReason, Pipeline, Stage
from deals.pipelines_catalogue import BLANK, BY_KEY, ReadyPipeline, ReadyStage

Kind = ChangeSet.Kind
# What follows from the kind of a closed stage.
CLOSED: dict[str, dict[str, Any]] = {
    StageKind.WON: {"probability": 100, "forecast_category": ForecastCategory.CLOSED, "rotting_days": None},
    StageKind.LOST: {"probability": 0, "forecast_category": ForecastCategory.OMITTED, "rotting_days": None},
}


def create_pipeline(*, values: Mapping[str, Any], actor: Any) -> Pipeline:
    """A pipeline with a first stage, a won and a lost one, to be built on."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return _build(dict(values), BLANK, log)


def add_ready_made(key: str, *, actor: Any) -> Pipeline:
    """A pipeline of the catalogue, as it stands there."""
    ready = BY_KEY.get(key)
    if ready is None:
        raise RuleViolation(_("There is no such pipeline."))
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return from_catalogue(ready, log)


def from_catalogue(ready: ReadyPipeline, log: ChangeLog) -> Pipeline:
    """For acts that do more in one change set."""
    return _build({"name": ready.name, "description": ready.description}, ready.stages, log)


def _build(values: dict[str, Any], stages: Sequence[ReadyStage], log: ChangeLog) -> Pipeline:
    everything = Pipeline._base_manager.all()
    values["position"] = _next(everything)
    values["is_default"] = not everything.filter(is_default=True, deleted_at=None).exists()
    pipeline = log.create(Pipeline(**values))
    for position, ready in enumerate(stages):
        log.create(
            Stage(
                pipeline=pipeline, position=position, name=ready.name, kind=ready.kind,
                probability=ready.probability, forecast_category=ready.forecast, guidance=ready.guidance,
                rotting_days=ready.rotting_days, required_fields=list(ready.needs), colour=ready.colour,
            )
        )  # fmt: skip
    return pipeline


def update_pipeline(
    pipeline: Pipeline, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Rename, describe, archive or use again. An archived pipeline is nobody's default."""
    if values.get("is_active") is False and pipeline.is_default:
        raise RuleViolation(_("This pipeline is the one used when none is chosen. Choose another first."))
    return _update(pipeline, values, actor, expected_version)


def make_default(pipeline: Pipeline, *, actor: Any) -> ChangeSet | None:
    """Have new deals start here unless they say otherwise."""
    if not pipeline.is_active:
        raise RuleViolation(_("This pipeline takes no new deals."))
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        for other in Pipeline.objects.alive().filter(is_default=True).exclude(pk=pipeline.pk):
            log.update(other, {"is_default": False})
        log.update(pipeline, {"is_default": True})
    return log.row if log.touched else None


def trash_pipeline(pipeline: Pipeline, *, actor: Any) -> ChangeSet:
    """Only one that no deal is in; others are archived."""
    if pipeline.is_default:
        raise RuleViolation(_("This pipeline is the one used when none is chosen. Choose another first."))
    if Deal._base_manager.filter(pipeline=pipeline).exists():
        raise RuleViolation(_("There are deals in this pipeline, perhaps in the trash. Archive it instead."))
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        log.trash(pipeline)
    return log.row


def create_stage(pipeline: Pipeline, *, values: Mapping[str, Any], actor: Any) -> Stage:
    """A new stage comes after the others of its kind."""
    values = _consistent(values, StageKind.OPEN)
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        stage = log.create(Stage(pipeline=pipeline, position=_next(pipeline.stages.all()), **values))
        order = list(StageKind.values)
        rows = sorted(
            Stage.objects.alive().filter(pipeline=pipeline),
            key=lambda row: (order.index(row.kind), row.position),
        )
        log.bulk_update((row, {"position": place}) for place, row in enumerate(rows))
    return stage


def update_stage(
    stage: Stage, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Open deals that set no probability of their own follow (`deals.services.derived`)."""
    if values.get("kind", stage.kind) != stage.kind:
        if Deal._base_manager.filter(stage=stage).exists():
            raise RuleViolation(_("The kind cannot change while deals are in this stage."), field="kind")
        refuse_last(stage)
    return _update(stage, _consistent(values, stage.kind), actor, expected_version)


def _consistent(values: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {**values, **CLOSED.get(values.get("kind", kind), {})}


def refuse_last(stage: Stage) -> None:
    """Every pipeline has an open, a won and a lost stage: deals begin, and end one way or the other."""
    others = Stage.objects.alive().filter(pipeline=stage.pipeline_id, kind=stage.kind).exclude(pk=stage.pk)
    if not others.exists():
        raise RuleViolation(
            _("A pipeline needs at least one stage of the kind “%s”.") % StageKind(stage.kind).label
        )


def create_lost_reason(*, values: Mapping[str, Any], actor: Any) -> LostReason:
    siblings = LostReason._base_manager.filter(parent=values.get("parent"))
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return log.create(LostReason(**values, position=_next(siblings)))


def update_lost_reason(
    reason: LostReason, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    if values.get("parent") and reason.children.alive().exists():
        raise RuleViolation(_("There are reasons under this one: it stays at the top."), field="parent")
    return _update(reason, values, actor, expected_version)


def trash_lost_reason(reason: LostReason, *, actor: Any) -> ChangeSet:
    """With the reasons under it. Deals that were lost for it keep it."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        rows = [*LostReason._base_manager.filter(parent=reason, deleted_at=None), reason]
        log.bulk_update((row, {"deleted_at": timezone.now()}) for row in rows)
    return log.row


def shift(item: Record, among: Iterable[Record], *, up: bool, actor: Any) -> ChangeSet | None:
    """Put a row one place up or down among its siblings, which come in their present order."""
    rows = list(among)
    at = next((place for place, row in enumerate(rows) if row.pk == item.pk), None)
    other = None if at is None else at + (-1 if up else 1)
    if at is None or other is None or not 0 <= other < len(rows):
        return None
    rows[at], rows[other] = rows[other], rows[at]
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.bulk_update((row, {"position": place}) for place, row in enumerate(rows))
    return log.row


def _update(
    row: Record, values: Mapping[str, Any], actor: Any, expected_version: int | None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(row, values, expected_version=expected_version)
    return log.row if log.touched else None


def _next(rows: Any) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
