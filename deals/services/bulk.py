"""One act on many deals: one change set, so one Undo takes it back.

Only rows the actor may edit are touched. Small selections are done at once, large ones by a job in
steps; both end in `apply_to`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from core import custom_values
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from customers.models import Source
from customers.services import bulk as shared
from deals.models import Deal, LostReason, Stage
from deals.services import stages

AT_ONCE = 100
STEP = 200
EDITABLE = frozenset({"expected_close_on", "forecast_category", "kind", "source", "campaign"})
shared.EDITABLE[Deal] = EDITABLE


def bulk(queryset: QuerySet, *, act: str, value: Mapping[str, Any], actor: Any) -> tuple[ChangeSet, int]:
    """Do `act` to every row now; `queryset` holds rows the actor may edit."""
    with change_set(kind=shared.kind_of(act), actor=actor) as log:
        pks = list(queryset.order_by("pk").values_list("pk", flat=True))
        done = apply_to(pks, act=act, value=value, log=log)
    return log.row, done


def apply_to(pks: list[int], *, act: str, value: Mapping[str, Any], log: ChangeLog) -> int:
    """One step: these rows, inside an open change set. Returns how many changed."""
    rows = list(
        Deal._base_manager.select_for_update(of=("self",))
        .select_related("stage", "pipeline")
        .filter(pk__in=pks, deleted_at__isnull=True)
        .order_by("pk")
    )
    if act == "edit":
        return _edit(rows, value, log)
    if act == "stage":
        return _stage(rows, value, log)
    if act == "trash":
        return log.bulk_update((row, {"deleted_at": timezone.now()}) for row in rows)
    return shared.apply_to(pks, Deal, act=act, value=value, log=log)


def _edit(rows: list[Deal], value: Mapping[str, Any], log: ChangeLog) -> int:
    values = {name: given for name, given in value.get("values", {}).items() if name in EDITABLE}
    if values.get("source") is not None:
        values["source"] = Source.objects.get(pk=values["source"])
    if "expected_close_on" in values:
        values["expected_close_on"] = parse_date(values["expected_close_on"] or "")
    category = values.pop("forecast_category", None)
    before = {row.pk: row.expected_close_on for row in rows}
    custom = value.get("custom", {})
    known = {item.key for item in custom_values.definitions("deals.deal")}
    custom = {key: given for key, given in custom.items() if key in known}
    done = log.bulk_update((row, _values_of(row, values, category, custom)) for row in rows)
    if "expected_close_on" in values:
        _tell_slips(rows, before, log)
    return done


def _values_of(
    row: Deal, values: Mapping[str, Any], category: str | None, custom: Mapping[str, Any]
) -> dict[str, Any]:
    own = dict(values)
    if category is not None and row.is_open:
        given = category not in ("", row.stage.forecast_category)
        own |= {"forecast_overridden": given, **({"forecast_category": category} if given else {})}
    if custom:
        own["custom"] = custom_values.merged(row.custom, custom)
    return own


def _tell_slips(rows: list[Deal], before: Mapping[int, date | None], log: ChangeLog) -> None:
    log.bulk_create(
        [stages.slip(row, before[row.pk], log) for row in rows if before[row.pk] != row.expected_close_on]
    )


def _stage(rows: list[Deal], value: Mapping[str, Any], log: ChangeLog) -> int:
    """Like `stages.move` for each; those that lack what the stage asks for stay where they are."""
    stage = Stage.objects.select_related("pipeline").get(pk=value["stage"])
    reason = LostReason.objects.filter(pk=value.get("lost_reason") or 0).first()
    done = 0
    for row in rows:
        if row.stage_id == stage.pk:
            continue
        try:
            stages.move(row, stage=stage, log=log, lost_reason=reason, lost_note=value.get("lost_note", ""))
        except stages.MissingFields:
            continue
        done += 1
    return done


def refuse_stage(stage: Stage, reason: LostReason | None, note: str) -> None:
    """What a bulk move asks before it begins."""
    if stage.kind == "lost":
        stages.refuse_reason(reason, note)
    if stage.in_trash:
        raise RuleViolation(_("This stage is not there any more."), field="stage")
