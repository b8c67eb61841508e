"""One act on many customers or contacts: one change set, so one Undo takes it back.

Only rows the actor may edit are touched. Small selections are done at once, large ones by a
job in steps; both end in `apply_to`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team, User
from core import custom_values
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet, Record
from customers.constants import StageKind
from customers.models import Contact, Customer, LifecycleStage, Source, StageChange, Tag

AT_ONCE = 200
STEP = 500

#: What "edit" may set, by kind of record: a name that is not here cannot be written this way.
EDITABLE: dict[type, frozenset[str]] = {
    Customer: frozenset(
        [
            "industry",
            "size_band",
            "country",
            "region",
            "city",
            "source",
            "campaign",
            "language",
            "preferred_channel",
        ]
    ),
    Contact: frozenset(["job_title", "buying_role", "language"]),
}
KINDS = {"trash": ChangeSet.Kind.TRASH, "stage": ChangeSet.Kind.STAGE}


def kind_of(act: str) -> str:
    return KINDS.get(act, ChangeSet.Kind.BULK)


def bulk(queryset: QuerySet, *, act: str, value: Mapping[str, Any], actor: Any) -> tuple[ChangeSet, int]:
    """Do `act` to every row now; `queryset` holds rows the actor may edit."""
    with change_set(kind=kind_of(act), actor=actor, reason=str(value.get("reason", ""))) as log:
        done = apply_to(
            list(queryset.order_by("pk").values_list("pk", flat=True)),
            queryset.model,
            act=act,
            value=value,
            log=log,
        )
    return log.row, done


def apply_to(
    pks: list[int], model: type[Record], *, act: str, value: Mapping[str, Any], log: ChangeLog
) -> int:
    """One step: these rows, inside an open change set. Returns how many changed."""
    rows: list[Any] = list(
        model._base_manager.select_for_update().filter(pk__in=pks, deleted_at__isnull=True).order_by("pk")
    )
    if act == "edit":
        return _edit(rows, model, value, log)
    if act == "assign":
        return _assign(rows, value, log)
    if act == "tag":
        return _tag(rows, value, log)
    if act == "stage" and model is Customer:
        return _stage(rows, value, log)
    if act == "trash":
        return log.bulk_update((row, {"deleted_at": timezone.now()}) for row in rows)
    raise RuleViolation(_("This cannot be done to many records."))


def _edit(rows: list[Any], model: type, value: Mapping[str, Any], log: ChangeLog) -> int:
    values = {name: given for name, given in value.get("values", {}).items() if name in EDITABLE[model]}
    if "source" in values and values["source"] is not None:
        values["source"] = Source.objects.get(pk=values["source"])
    known = {item.key for item in custom_values.definitions(label_of(model))}
    custom = {key: given for key, given in value.get("custom", {}).items() if key in known}
    if not custom:
        return log.bulk_update((row, values) for row in rows)
    merged = custom_values.merged
    return log.bulk_update((row, {**values, "custom": merged(row.custom, custom)}) for row in rows)


def label_of(model: type[Any]) -> str:
    """How the definitions of custom fields name a kind of record."""
    return str(model._meta.label_lower)


def _assign(rows: list[Any], value: Mapping[str, Any], log: ChangeLog) -> int:
    values: dict[str, Any] = {}
    if value.get("owner"):
        values["owner"] = User.objects.get(pk=value["owner"], is_active=True)
        values["team"] = values["owner"].team
    if value.get("team"):
        values["team"] = Team.objects.get(pk=value["team"])
    if not values:
        raise RuleViolation(_("Choose an owner or a team."))
    return log.bulk_update((row, values) for row in rows)


def _tag(rows: list[Any], value: Mapping[str, Any], log: ChangeLog) -> int:
    add = set(Tag.objects.filter(pk__in=value.get("add", [])).values_list("pk", flat=True))
    remove = set(value.get("remove", []))
    if not rows:
        return 0
    link = rows[0]._meta.model_name
    through = type(rows[0]).tags.through
    have: dict[int, set[int]] = {row.pk: set() for row in rows}
    for pk, tag in through._base_manager.filter(**{f"{link}__in": have}).values_list(f"{link}_id", "tag_id"):
        have[pk].add(tag)
    done = 0
    for row in rows:
        new = (have[row.pk] | add) - remove
        if new != have[row.pk]:
            log.update(row, {"tags": sorted(new)}, validate=False)
            done += 1
    return done


def _stage(rows: Iterable[Customer], value: Mapping[str, Any], log: ChangeLog) -> int:
    """Like `customers.services.stages.move`, for many rows in four statements."""
    stage = LifecycleStage.objects.get(pk=value["stage"])
    reason = str(value.get("reason", "")).strip()[:300]
    if stage.kind == StageKind.LOST and not reason:
        raise RuleViolation(_("Say why, please: this is what can be learned from."), field="reason")
    at = timezone.now()
    moving = [row for row in rows if row.stage_id != stage.pk]
    moves = [
        StageChange(
            customer=row, from_stage_id=row.stage_id, to_stage=stage, at=at, by=log.actor, reason=reason,
            seconds=max(0, int((at - row.stage_since).total_seconds())),
        )
        for row in moving
    ]  # fmt: skip
    done = log.bulk_update((row, {"stage": stage, "stage_since": at}) for row in moving)
    log.bulk_create(moves)
    return done
