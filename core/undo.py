"""Taking back a change set: what was reversed, what was kept because edited since, what could not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import CHUNK, ChangeLog, change_set, field_value, label_of
from core.exceptions import RuleViolation
from core.models.change import Change, ChangeSet
from core.models.record import Record
from core.querysets import RecordQuerySet

#: Acts whose undo deletes what they made instead of moving it to the trash.
_FOR_GOOD = (ChangeSet.Kind.IMPORT, ChangeSet.Kind.DEMO)
# Columns that decide who may edit a record.
REACH = ["owner_id", "team_id", "collaborators", "deleted_at", "merged_into_id", "customer_id", "contact_id"]


@dataclass(frozen=True)
class UndoResult:
    """Three buckets, counted in rows. `barred`: how many of the kept ones were kept because the
    person who undoes may not edit them, the others because of what was done with them since."""

    reversed: int = 0
    kept: int = 0
    failed: int = 0
    barred: int = 0

    def __add__(self, other: UndoResult) -> UndoResult:
        return UndoResult(
            self.reversed + other.reversed,
            self.kept + other.kept,
            self.failed + other.failed,
            self.barred + other.barred,
        )


def undo(
    row: ChangeSet,
    *,
    actor: Any,
    within_reach: bool = False,
) -> tuple[ChangeSet, UndoResult]:
    """Reverse one change set in one transaction; undoing twice is refused. A large one is undone
    in steps (`core.undo_steps`), which give signs of life.

    Updates get their old values back unless the field was edited since; rows an import created
    are removed, rows a person created go to the trash, unless edited or used since.
    An undo is itself a change set, so it can be undone.

    `within_reach`: rows the actor may no longer edit stay as they are.
    """
    with transaction.atomic():
        locked = ChangeSet.objects.select_for_update().get(pk=row.pk)
        if ChangeSet.objects.filter(undo_of=locked).exists():
            raise RuleViolation(_("This has already been undone."), code="undone")
        with change_set(kind=ChangeSet.Kind.UNDO, actor=actor) as log:
            log.touched += 1  # an undo is told in the history even when nothing was left to do
            log.row.undo_of = locked
            log.row.save(update_fields=["undo_of"])
            result = _reverse_updates(locked, log, within_reach)
            result += _remove_created(locked, log, within_reach)
            log.touched = max(result.reversed, 1)
            log.row.undo_result = asdict(result)
            log.row.save(update_fields=["undo_result", "total"])
    return log.row, result


def _reverse_updates(row: ChangeSet, log: ChangeLog, within_reach: bool) -> UndoResult:
    result = UndoResult()
    changes = row.changes.order_by("-pk")
    last = None
    while True:
        page = list((changes if last is None else changes.filter(pk__lt=last))[:CHUNK])
        if not page:
            return result
        last = page[-1].pk
        result += reverse_page(page, log, within_reach=within_reach)


def reverse_page(page: list[Change], log: ChangeLog, *, within_reach: bool = False) -> UndoResult:
    """Put back the old values of a page of changes, newest first."""
    by_model: dict[str, list[Change]] = defaultdict(list)
    for change in page:
        by_model[change.model].append(change)
    result = UndoResult()
    for label, group in by_model.items():
        model = apps.get_model(label)
        barred = _barred(model, group, log.actor) if within_reach else set()
        result += _reverse_group(model, group, log, barred)
    return result


def _reverse_group(
    model: type[Record], changes: list[Change], log: ChangeLog, barred: set[int]
) -> UndoResult:
    rows = model._base_manager.select_for_update().order_by("pk").in_bulk([c.object_id for c in changes])
    gone = _gone(model, changes)
    result = UndoResult()
    batch: dict[int, tuple[Record, dict[str, Any]]] = {}
    for change in changes:  # newest first: a row changed twice in one act goes back step by step
        if change.object_id in batch:
            result += _put_back(batch, log)
            batch = {}
        obj = rows.get(change.object_id)
        if obj is None or gone.intersection((name, str(old)) for name, old in change.before.items()):
            result += UndoResult(failed=1)
        elif obj.pk in barred:
            result += UndoResult(kept=1, barred=1)
        elif not _still(obj, change.after):
            result += UndoResult(kept=1)
        else:
            batch[obj.pk] = (obj, _values(obj, change.before))
    return result + _put_back(batch, log)


def _gone(model: type[Record], changes: list[Change]) -> set[tuple[str, str]]:
    """(column, id) of rows the old values name that were deleted for good since. The database would
    refuse them at the end of the transaction only, when nothing of it can be kept any more."""
    wanted: dict[models.Field, set[Any]] = defaultdict(set)
    for change in changes:
        for field in model._meta.concrete_fields:
            if field.is_relation and change.before.get(field.attname) is not None:
                wanted[field].add(change.before[field.attname])
    found: set[tuple[str, str]] = set()
    for field, ids in wanted.items():
        target: Any = field.related_model
        there = {str(pk) for pk in target._base_manager.filter(pk__in=ids).values_list("pk", flat=True)}
        found |= {(field.attname, str(pk)) for pk in ids if str(pk) not in there}
    return found


def _barred(model: type[Record], changes: list[Change], actor: Any) -> set[int]:
    """Ids of rows that went out of the actor's reach since, and not by the act that is undone:
    Undo is no way to write to a record somebody else has taken over."""
    found = _not_editable(model, {change.object_id for change in changes}, actor)
    return set() if found and _changes_reach(changes[0].change_set_id) else found


def _not_editable(model: type[Record], ids: set[int], actor: Any) -> set[int]:
    """Ids of those of these rows, trash left out, that the actor may not edit as things stand."""
    rule = getattr(model._default_manager.all(), "editable_by", None)
    if rule is None or rule.__func__ is RecordQuerySet.editable_by:
        return set()
    if not _limited(actor):
        return set()
    alive = model._base_manager.filter(pk__in=ids, deleted_at__isnull=True)
    may = rule(actor).order_by().filter(pk__in=ids).values_list("pk", flat=True)
    return set(alive.values_list("pk", flat=True)) - set(may)


def _limited(actor: Any) -> bool:
    """Whether there are records this actor may not edit; None is the system."""
    return actor is not None and not actor.has_perm("accounts.administer")


def _changes_reach(change_set_id: int) -> bool:
    """Whether the act itself gave records away, trashed, restored or merged some."""
    return Change.objects.filter(change_set=change_set_id, after__has_any_keys=REACH).exists()


def _put_back(batch: dict[int, tuple[Record, dict[str, Any]]], log: ChangeLog) -> UndoResult:
    """Write old values: all at once where that works, else row by row to find what cannot go back."""
    plain = [(obj, values) for obj, values in batch.values() if not values.keys() & _many(obj)]
    single = [(obj, values) for obj, values in batch.values() if values.keys() & _many(obj)]
    reversed_ = failed = 0
    try:
        with transaction.atomic():
            log.bulk_update(plain)
        reversed_ = len(plain)
    except IntegrityError:  # the objects in memory already carry the values: update reads them anew
        single = list(batch.values())
    for obj, values in single:
        try:
            with transaction.atomic():
                log.update(obj, values, validate=False)
            reversed_ += 1
        except IntegrityError:
            failed += 1
    return UndoResult(reversed=reversed_, failed=failed)


def _still(obj: Record, after: dict[str, Any]) -> bool:
    """Whether every changed field still has the value this change gave it."""
    for name, value in after.items():
        if name in _many(obj):
            if sorted(getattr(obj, name).values_list("pk", flat=True)) != value:
                return False
        elif field_value(obj, _field(obj, name)) != value:
            return False
    return True


def _values(obj: Record, before: dict[str, Any]) -> dict[str, Any]:
    """The logged values as Python values; rows a tag list names may be gone by now."""
    return {
        name: _existing(obj, name, value) if name in _many(obj) else _field(obj, name).to_python(value)
        for name, value in before.items()
    }


def _field(obj: Record, attname: str) -> models.Field:
    return next(f for f in obj._meta.concrete_fields if f.attname == attname)


def _many(obj: Record) -> set[str]:
    return {f.name for f in obj._meta.many_to_many}


def _existing(obj: Record, name: str, ids: list[int]) -> list[int]:
    related = obj._meta.get_field(name).related_model
    assert related is not None
    return list(related._base_manager.filter(pk__in=ids).values_list("pk", flat=True))


def _remove_created(row: ChangeSet, log: ChangeLog, within_reach: bool) -> UndoResult:
    result = UndoResult()
    # Parts were created after their wholes, so they go first.
    for label in reversed(row.created_models):
        model = apps.get_model(label)
        ids = list(model._base_manager.filter(origin=row).values_list("pk", flat=True))
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            result += remove_chunk(model, chunk, row, log, within_reach=within_reach)
    return result


def remove_chunk(
    model: type[Record], ids: Iterable[int], row: ChangeSet, log: ChangeLog, *, within_reach: bool = False
) -> UndoResult:
    """Remove these rows that `row` created, but for those edited or used since."""
    ids = set(ids)
    barred = _created_out_of_reach(model, ids, row, log) if within_reach else set()
    free = _unedited(model, ids, row, log) - used_since(model, ids, row) - barred
    if row.kind in _FOR_GOOD:
        log.before_removal(model, free)
        model._base_manager.filter(pk__in=free).delete()
    else:
        log.update_queryset(model._base_manager.filter(pk__in=free), {"deleted_at": timezone.now()})
    return UndoResult(reversed=len(free), kept=len(ids) - len(free), barred=len(barred))


def _created_out_of_reach(model: type[Record], ids: set[int], row: ChangeSet, log: ChangeLog) -> set[int]:
    """Ids of created rows to be left alone because the actor may not edit them.

    A part is within reach where its whole is. What somebody made for a colleague can be taken back
    as long as nobody has touched it, with its parts; an import removes rows for good, so there every
    row must be within reach.
    """
    if not hasattr(model, "history_root"):
        return _not_editable(model, ids, log.actor) if row.kind in _FOR_GOOD else set()
    if not _limited(log.actor):
        return set()
    parts: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for part in model._base_manager.filter(pk__in=ids, deleted_at__isnull=True):
        label, whole = part.history_root or ("", 0)
        parts[label][whole].add(part.pk)
    parts.pop("", None)
    barred: set[int] = set()
    for label, by_whole in parts.items():
        wholes = _not_editable(apps.get_model(label), set(by_whole), log.actor)
        if row.kind not in _FOR_GOOD:
            wholes -= _made_and_untouched(label, wholes, row, log)
        barred.update(*(by_whole[whole] for whole in wholes))
    return barred


def _made_and_untouched(label: str, ids: set[int], row: ChangeSet, log: ChangeLog) -> set[int]:
    model = apps.get_model(label)
    made = set(model._base_manager.filter(pk__in=ids, origin=row).values_list("pk", flat=True))
    return _unedited(model, made, row, log)


def _unedited(model: type[Record], ids: set[int], row: ChangeSet, log: ChangeLog) -> set[int]:
    """Ids of rows nobody else changed. One the act itself changed again after creating it (a file
    with the same customer twice) has a higher version but only changes of its own."""
    versions = dict(model._base_manager.filter(pk__in=ids).values_list("pk", "version"))
    changed = [pk for pk, version in versions.items() if version > 1]
    changes = Change.objects.filter(model=label_of(model), object_id__in=changed)
    foreign = set(changes.exclude(change_set__in=[row, log.row]).values_list("object_id", flat=True))
    own = set(changes.filter(change_set=row).values_list("object_id", flat=True))
    return {pk for pk, version in versions.items() if version == 1 or (pk in own and pk not in foreign)}


def used_since(model: type[Record], ids: set[int], row: ChangeSet) -> set[int]:
    """Ids among these that rows of another origin point at: work somebody added later."""
    used: set[int] = set()
    for relation in model._meta.related_objects:
        pointing_model = relation.related_model
        # Parts without a history of their own go with their whole.
        if (
            relation.many_to_many
            or not pointing_model._meta.managed
            or not issubclass(pointing_model, Record)
        ):
            continue
        name = relation.field.name
        pointing = pointing_model._base_manager.filter(**{f"{name}__in": ids})
        if row.kind not in _FOR_GOOD:
            pointing = pointing.exclude(origin=row)
        elif pointing_model is model:
            pointing = pointing.exclude(origin=row, version=1)
        elif label_of(pointing_model) not in row.created_models:
            pointing = pointing.exclude(origin=row)
        # else: parts of the same import were removed before these; what is left of them was kept.
        used |= set(pointing.values_list(relation.field.attname, flat=True))
    return used
