"""What became of a record: who, when, why, and each field old → new in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import custom_values
from core.changes import label_of
from core.display import Names, in_words, label_of_field
from core.models import Change, ChangeSet, CustomField, Record

PAGE = 20
# Columns that follow from others; telling them would be noise.
SILENT = {"key", "stage_since", "sort_name"}

PartRows = Callable[[Record], QuerySet]
_parts: dict[str, list[PartRows]] = defaultdict(list)
_silent: set[str] = set()


def register_part(label: str, rows: PartRows) -> None:
    """Say which rows are parts of a record: their making is told in its history.

    `rows(record)` gives them, those in the trash too.
    """
    _parts[label].append(rows)


def register_silent(model: type[Record]) -> None:
    """Rows of this model are told elsewhere; their own changes would be noise in a history."""
    _silent.add(label_of(model))


@dataclass(frozen=True)
class Line:
    """One thing an act did: a field old → new, or a part made or removed (no field)."""

    label: str
    old: str = ""
    new: str = ""
    part: str = ""


@dataclass
class Act:
    """One change set as told on one record's page."""

    change_set: ChangeSet
    lines: list[Line] = field(default_factory=list)


def acts(record: Record, user: Any, *, page: int = 1, size: int = PAGE) -> tuple[list[Act], bool]:
    """One page of the acts that touched the record or its parts, newest first; is there more?"""
    ids = _set_ids(record)
    wanted = list(ids[(page - 1) * size : page * size + 1])
    shown = wanted[:size]
    sets = ChangeSet.objects.select_related("actor").in_bulk(shown)
    found = {pk: Act(sets[pk]) for pk in shown if pk in sets}
    teller = _Teller(record, user)
    for row in _changes_of(record).filter(change_set_id__in=shown).order_by("pk"):
        found[row.change_set_id].lines += teller.lines(row)
    for rows in _parts[label_of(record)]:
        for part in rows(record).filter(origin_id__in=shown):
            found[part.origin_id].lines.append(teller.made(part))
    return [found[pk] for pk in shown if pk in found], len(wanted) > size


def _changes_of(record: Record) -> QuerySet[Change]:
    label = label_of(record)
    return Change.objects.filter(Q(model=label, object_id=record.pk) | Q(root_model=label, root_id=record.pk))


def _set_ids(record: Record) -> Any:
    label = label_of(record)
    log = Change.objects.order_by()
    queries = [
        log.filter(model=label, object_id=record.pk).values_list("change_set_id"),
        log.filter(root_model=label, root_id=record.pk).values_list("change_set_id"),
        type(record)
        ._base_manager.order_by()
        .filter(pk=record.pk, origin__isnull=False)
        .values_list("origin_id"),
        *(
            rows(record).order_by().filter(origin__isnull=False).values_list("origin_id")
            for rows in _parts[label]
        ),
    ]
    sets = queries[0].union(*queries[1:])
    return _Ids(sets.order_by("-change_set_id"))


class _Ids:
    """The first column of a union, sliced."""

    def __init__(self, rows: Any) -> None:
        self.rows = rows

    def __getitem__(self, span: slice) -> list[int]:
        return [row[0] for row in self.rows[span]]


class _Teller:
    """Puts log rows into words; names of related rows are looked up with the reader's eyes."""

    def __init__(self, record: Record, user: Any) -> None:
        self.record = record
        self.names = Names(user)
        self._custom: dict[str, dict[str, CustomField]] = {}

    def lines(self, row: Change) -> list[Line]:
        if row.model in _silent:
            return []
        model = apps.get_model(row.model)
        part = (
            "" if row.object_id == self.record.pk and row.model == label_of(self.record) else self._part(row)
        )
        found = []
        for name, new in row.after.items():
            if name in SILENT:
                continue
            old = row.before.get(name)
            if name == "custom":
                found += self._custom_lines(row.model, old or {}, new or {}, part)
            elif name == "deleted_at":
                found.append(Line(_("Moved to trash") if new else _("Restored"), part=part))
            elif name == "merged_into_id":
                found.append(Line(_("Merged into"), "", self.names.of(model, new), part))
            else:
                words = [in_words(model, name, value, self.names) for value in (old, new)]
                found.append(Line(label_of_field(model, name), words[0], words[1], part))
        return found

    def made(self, part: Record) -> Line:
        kind = capfirst(str(part._meta.verbose_name))
        return Line(_("%(kind)s added") % {"kind": kind}, "", self._name(part))

    def _part(self, row: Change) -> str:
        model = apps.get_model(row.model)
        part = model._base_manager.filter(pk=row.object_id).first()
        kind = capfirst(str(model._meta.verbose_name))
        return _("%(kind)s: %(name)s") % {"kind": kind, "name": self._name(part)} if part else kind

    def _name(self, part: Record) -> str:
        """A part in words, without the names of records the reader may not see."""
        links = [f for f in part._meta.concrete_fields if f.is_relation and f.name != "origin"]
        others = [f for f in links if getattr(part, f.attname) not in (None, self.record.pk)]
        named = [self.names.of(f.related_model, getattr(part, f.attname)) for f in others]  # type: ignore[arg-type]
        return " · ".join(named) if named else str(part)

    def _custom_lines(self, label: str, old: dict, new: dict, part: str) -> list[Line]:
        if label not in self._custom:
            self._custom[label] = {d.key: d for d in custom_values.definitions(label, archived=True)}
        fields = self._custom[label]
        people = custom_values.people_in([old, new], fields.values())
        found = []
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) == new.get(key) or key not in fields:
                continue
            words = [custom_values.show(fields[key], v.get(key), people=people) for v in (old, new)]
            found.append(Line(fields[key].label, words[0], words[1], part))
        return found
