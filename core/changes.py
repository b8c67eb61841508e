"""The one way business records are written: with history, versions and a way back.

    with change_set(kind=ChangeSet.Kind.EDIT, actor=user, reason="") as log:
        log.create(customer)
        log.update(customer, {"name": "Acme", "owner": user}, expected_version=3)
        log.trash(contact)

Everything inside one `change_set` is one transaction, one line in the history and one Undo
(`core.undo.undo`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from core.bulk import insert_rows
from core.exceptions import StaleRecord
from core.models.change import Change, ChangeSet
from core.models.record import Record

CHUNK = 1000

R = TypeVar("R", bound=Record)

_refreshers: dict[type[Record], list[Callable[[set[int]], None]]] = defaultdict(list)
_fillers: dict[Callable[[set[int]], None], Callable[[Any], None]] = {}
_told_of_removal: set[type[Record]] = set()
_alone: set[type[Record]] = set()


def refresh_with(
    model: type[Record],
    function: Callable[[set[int]], None],
    *,
    fill: Callable[[Any], None] | None = None,
    removals: bool = False,
    parts: bool = True,
) -> None:
    """Register what recomputes derived columns (sort key, search text) once rows of `model`
    were written. It gets their ids at the end of the act, inside its transaction. A higher app may
    follow a lower one's rows too: what is derived from them is brought up to date after them.

    `removals`: columns of other rows follow from these, so they are recomputed also when the undo
    of an import deletes rows for good. `parts`: it also hears of rows that stopped pointing at them;
    switched off where nothing is derived from those (a stage has no use for the deals that left it).
    `fill` sets the same columns of one new row before it is inserted, which spares the refreshing."""
    if fill is not None:
        _fillers[function] = fill
    if function not in _refreshers[model]:
        _refreshers[model].append(function)
    if removals:
        _told_of_removal.add(model)
    if not parts:
        _alone.add(model)


@contextmanager
def change_set(
    *, kind: str, actor: Any, reason: str = "", existing: ChangeSet | None = None
) -> Iterator[ChangeLog]:
    """Open one act. Rolls back as a whole if anything inside raises.

    `existing` goes on with a change set begun earlier (an import writes in many transactions).
    An act that changed nothing leaves no trace.
    """
    with transaction.atomic():
        row = existing or ChangeSet.objects.create(kind=kind, actor=actor, reason=reason[:300])
        log = ChangeLog(row)
        yield log
        log.refresh()
        if log.touched == 0 and existing is None:
            row.delete()
        elif log.touched:
            row.total += log.touched
            row.save(update_fields=["total", "created_models"])


def tracked_fields(model: type[Record]) -> list[models.Field]:
    """The concrete fields whose changes are told in the history."""
    return [f for f in model._meta.concrete_fields if f.name not in model.UNTRACKED]


def plain(value: Any) -> Any:
    """A value in the form JSON gives back, so that before, after and now can be compared.

    Times keep their microseconds (Django's encoder cuts them), so that undo is exact.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return str(value)  # dates, decimals


def stored_field(model: type[models.Model], name: str) -> models.Field:
    """The field of this name that has a column; a reverse relation has none."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def field_value(obj: Record, field: models.Field) -> Any:
    """The stored value of one field in its JSON form."""
    value = getattr(obj, field.attname)
    if isinstance(field, models.JSONField):
        return plain(value)
    value = field.to_python(value)
    if isinstance(value, Decimal) and isinstance(field, models.DecimalField):
        # 1.5 in memory is 1.50 in the database.
        value = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return plain(value)


def label_of(obj: models.Model | type[models.Model]) -> str:
    return obj._meta.label_lower


class ChangeLog:
    """Writes records and remembers what it changed. Made by `change_set`."""

    def __init__(self, row: ChangeSet) -> None:
        self.row = row
        self.actor = row.actor
        self.touched = 0
        self._dirty: dict[type[Record], set[int]] = defaultdict(set)

    def refresh(self) -> None:
        """Bring derived columns up to date; called at the end of the act."""
        while self._dirty:
            model, ids = self._dirty.popitem()
            for function in _refreshers.get(model, ()) if ids else ():
                function(ids)

    def before_removal(self, model: type[Record], ids: set[int]) -> None:
        """Work out without these rows what other rows derive from them; they are deleted next."""
        if ids and model in _told_of_removal:
            model._base_manager.filter(pk__in=ids).update(deleted_at=timezone.now())
            for function in _refreshers[model]:
                function(ids)

    # One record

    def create(self, obj: R, *, validate: bool = True) -> R:
        """Validate and insert."""
        obj.origin = self.row
        if validate:
            obj.full_clean()
        followers = _refreshers.get(type(obj), [])
        for function in followers:
            if function in _fillers:
                _fillers[function](obj)
        obj.save(force_insert=True)
        self._created(type(obj), 1)
        if not all(function in _fillers for function in followers):
            self._dirty[type(obj)].add(obj.pk)
        return obj

    def update(
        self,
        obj: R,
        values: Mapping[str, Any],
        *,
        expected_version: int | None = None,
        validate: bool = True,
    ) -> R:
        """Set fields (many-to-many too), validate, save and log what differs.

        Locks the row first. With `expected_version`, raises StaleRecord if somebody was faster.
        Nothing differs: nothing is written.
        """
        model = type(obj)
        current = model._base_manager.select_for_update().get(pk=obj.pk)
        if expected_version is not None and current.version != expected_version:
            raise StaleRecord(current, expected_version)
        many = {f.name for f in model._meta.many_to_many}
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        changed: list[str] = []
        for name, value in values.items():
            if name in many:
                self._compare_many(current, name, value, before, after)
                continue
            field = stored_field(model, name)
            old = field_value(current, field)
            setattr(current, name, value)
            new = field_value(current, field)
            if old != new:
                before[field.attname], after[field.attname] = old, new
                changed.append(field.name)
        if after:
            if validate:
                _validate(current, changed)
            current.version += 1
            current.updated_at = timezone.now()
            current.save(update_fields=[*changed, "version", "updated_at"])
            for name in many & after.keys():
                getattr(current, name).set(after[name])
            self._changed(current, before, after)
        _refresh(obj, current)
        return obj

    def trash(self, obj: Record) -> None:
        """Move to the trash; Undo brings it back."""
        self.update(obj, {"deleted_at": timezone.now()}, validate=False)

    def restore(self, obj: Record) -> None:
        self.update(obj, {"deleted_at": None})

    # Many records

    def bulk_create(self, objs: Sequence[R], *, batch_size: int = CHUNK, refreshed: bool = False) -> list[R]:
        """Insert without per-row validation: the caller has validated. Creation needs no log
        rows, because each row names its origin. `refreshed`: derived columns are set already."""
        for obj in objs:
            obj.origin = self.row
        rows = type(objs[0])._base_manager.bulk_create(objs, batch_size=batch_size) if objs else []
        if objs:
            self._created(type(objs[0]), len(objs))
            if not refreshed:
                self._dirty[type(objs[0])].update(row.pk for row in rows)
        return rows

    def insert_rows(
        self,
        model: type[Record],
        count: int,
        values: Mapping[str, Sequence[Any]],
        constants: Mapping[str, Any] | None = None,
    ) -> None:
        """Insert columns of plain values (`core.bulk`), for imports: the caller has validated and
        has computed the derived columns."""
        insert_rows(model, count, values, {**(constants or {}), "origin_id": self.row.pk})
        if count:
            self._created(model, count)

    def bulk_update(self, changes: Iterable[tuple[R, Mapping[str, Any]]]) -> int:
        """Set different values on many rows of one model; returns how many really changed.

        The objects must be freshly read inside this transaction. No validation per row.
        """
        rows: list[R] = []
        logs: list[Change] = []
        names: set[str] = set()
        now = timezone.now()
        for obj, values in changes:
            before: dict[str, Any] = {}
            after: dict[str, Any] = {}
            for name, value in values.items():
                field = stored_field(type(obj), name)
                old = field_value(obj, field)
                setattr(obj, name, value)
                new = field_value(obj, field)
                if old != new:
                    before[field.attname], after[field.attname] = old, new
                    names.add(field.name)
            if after:
                obj.version += 1
                obj.updated_at = now
                rows.append(obj)
                logs.append(self._log_row(obj, before, after))
        if rows:
            # An upsert by primary key is many times faster than bulk_update's CASE WHEN.
            type(rows[0])._base_manager.bulk_create(
                rows,
                batch_size=500,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[*names, "version", "updated_at"],
            )
            Change.objects.bulk_create(logs, batch_size=CHUNK)
            self._dirty[type(rows[0])].update(row.pk for row in rows)
            self.touched += len(rows)
        return len(rows)

    def update_queryset(self, queryset: models.QuerySet, values: Mapping[str, Any]) -> int:
        """Set the same values on every row of a queryset, in steps of CHUNK rows."""
        ids = list(queryset.order_by("pk").values_list("pk", flat=True))
        model = queryset.model
        count = 0
        for start in range(0, len(ids), CHUNK):
            step = ids[start : start + CHUNK]
            # In one order everywhere, so that two acts at once wait for one another.
            rows = model._base_manager.select_for_update().filter(pk__in=step).order_by("pk")
            count += self.bulk_update((row, values) for row in rows)
        return count

    def refresh_later(self, model: type[Record], ids: Iterable[int]) -> None:
        """Have derived columns of these rows recomputed at the end of the act."""
        self._dirty[model].update(ids)

    # The log itself

    def note(
        self,
        obj: Record,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        root: Record | None = None,
    ) -> None:
        """Log a change the caller has made itself (a part of the record, a moved link)."""
        row = self._log_row(obj, plain(dict(before)), plain(dict(after)))
        if root is not None:
            row.root_model, row.root_id = label_of(root), root.pk
        row.save()
        self.touched += 1

    def _created(self, model: type[Record], count: int) -> None:
        if label_of(model) not in self.row.created_models:
            self.row.created_models.append(label_of(model))
        self.touched += count

    def _changed(self, obj: Record, before: dict[str, Any], after: dict[str, Any]) -> None:
        self._log_row(obj, before, after).save()
        self._dirty[type(obj)].add(obj.pk)
        self.touched += 1

    def _log_row(self, obj: Record, before: Any, after: Any) -> Change:
        root = getattr(obj, "history_root", None)
        self._left(obj, before)
        return Change(
            change_set=self.row,
            model=label_of(obj),
            object_id=obj.pk,
            root_model=root[0] if root else "",
            root_id=root[1] if root else None,
            before=before,
            after=after,
            version=obj.version,
        )

    def _left(self, obj: Record, before: Mapping[str, Any]) -> None:
        """A part that moved to another record is missing at the one it left: refresh that too."""
        for field in obj._meta.concrete_fields:
            other = field.related_model
            if field.attname not in before or not isinstance(other, type) or other in _alone:
                continue
            if other in _refreshers:
                pk = before[field.attname]
                if pk is not None:
                    self._dirty[other].add(pk)

    def _compare_many(self, obj: Record, name: str, value: Iterable[Any], before: dict, after: dict) -> None:
        old = sorted(getattr(obj, name).values_list("pk", flat=True))
        new = sorted(_ids(value))
        if old != new:
            before[name], after[name] = old, new


def _ids(values: Iterable[Any]) -> list[int]:
    return [v if isinstance(v, int) else v.pk for v in values]


def _validate(current: Record, changed: list[str]) -> None:
    """Changed fields, and every constraint: one on (number, not in the trash) concerns a new number
    as much as a restored row, so leaving out what did not change would leave it to the database."""
    current.full_clean(exclude=_unchanged(type(current), changed), validate_constraints=False)
    current.validate_constraints()


def _unchanged(model: type[Record], changed: list[str]) -> list[str]:
    """Fields full_clean need not look at: a person is not told off for another one's old data."""
    return [f.name for f in model._meta.fields if f.name not in changed]


def _refresh(obj: Record, current: Record) -> None:
    for field in obj._meta.concrete_fields:
        setattr(obj, field.attname, getattr(current, field.attname))
