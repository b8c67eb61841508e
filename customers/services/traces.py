"""Where else a person or customer is still named: acts, imports, notices, the stock admin's log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts.models import Notification
from core.changes import label_of
from core.models import ChangeSet, ImportRow, ImportRun

Kind = ChangeSet.Kind
# Acts on many records at once: their reason is about all of them.
_MANY = (Kind.IMPORT, Kind.BULK, Kind.DEMO, Kind.SYSTEM)
_AT_WORK = (ImportRun.State.CHECKING, ImportRun.State.RUNNING, ImportRun.State.UNDOING)
_SHORTEST = 3  # characters of a word by which somebody can be found


@dataclass(frozen=True)
class Traces:
    """Words by which somebody is found: any of `words` anywhere, one of `cells` as a whole cell, or
    all of `together` in cells of one row."""

    words: frozenset[str]
    cells: frozenset[str]
    together: tuple[str, ...]
    url: str


def traces_of(record: Any) -> Traces:
    """To be read before the record is blanked."""
    words = {record.name, *record.methods.values_list("value", flat=True)}
    parts = tuple(part for part in (record.given_name, record.family_name) if part)
    return Traces(
        words=frozenset(word for word in words if len(word) >= _SHORTEST),
        # Chinese names often have two characters: anywhere in a text they would be in many words.
        cells=frozenset(filter(None, [record.external_id, *(w for w in words if len(w) < _SHORTEST)])),
        together=parts if len(parts) == 2 else (),
        url=record.get_absolute_url(),
    )


def import_rows(traces: Traces) -> QuerySet[ImportRow]:
    """Rows set aside by imports that name them: such rows keep their cells."""
    found = Q(match__url=traces.url)
    for word in traces.words:
        found |= _holds("cells_text", word) | _holds("match_text", word) | Q(reason__icontains=word)
    for cell in traces.cells:
        found |= _holds("cells_text", cell, whole=True)
    if traces.together:
        both = Q()
        for part in traces.together:
            both &= _holds("cells_text", part, whole=True)
        found |= both
    rows = ImportRow.objects.alias(
        cells_text=Cast("cells", TextField()), match_text=Cast("match", TextField())
    )
    return rows.filter(found)


def _holds(column: str, word: str, *, whole: bool = False) -> Q:
    """JSON is stored with its letters escaped or not, by database."""
    found = Q()
    for text in {json.dumps(word), json.dumps(word, ensure_ascii=False)}:
        found |= Q(**{f"{column}__contains": text if whole else text[1:-1]})
    return found


def notices(record: Any) -> QuerySet[Notification]:
    return Notification.objects.filter(url__startswith=record.get_absolute_url())


def forget_traces(record: Any, traces: Traces, acts: Iterable[int]) -> None:
    """`acts`: the change sets that made or changed the record."""
    acts = list(acts)
    _scrub_reasons(acts, traces)
    _scrub_imports(acts, traces)
    notices(record).delete()
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(type(record)), object_id=str(record.pk)
    )
    entries.update(object_repr=_("Erased %(number)d") % {"number": record.pk}, change_message="")


def acts_on(record: Any) -> list[int]:
    """Change sets that made or changed the record or its parts; to be read before its history goes."""
    label = label_of(record)
    sets = ChangeSet.objects.filter(
        Q(changes__model=label, changes__object_id=record.pk)
        | Q(changes__root_model=label, changes__root_id=record.pk)
        | Q(pk=record.origin_id)
    )
    return list(sets.order_by().values_list("pk", flat=True).distinct())


def _scrub_reasons(acts: list[int], traces: Traces) -> None:
    sets = ChangeSet.objects.filter(pk__in=acts).exclude(reason="")
    named = Q(pk__in=[])
    for word in traces.words:
        named |= Q(reason__icontains=word)
    sets.filter(~Q(kind__in=_MANY) | named).update(reason="")


def _scrub_imports(acts: list[int], traces: Traces) -> None:
    rows = import_rows(traces)
    runs = set(rows.values_list("run", flat=True))
    rows.delete()
    for run in ImportRun.objects.filter(Q(pk__in=runs) | Q(change_set__in=acts)):
        _scrub_run(run, traces)


def _scrub_run(run: ImportRun, traces: Traces) -> None:
    """The counts stay. The file goes, which would have been removed after some weeks anyway;
    one that is being read stays until then."""
    if run.state not in _AT_WORK and run.file:
        run.file.delete(save=False)
    run.reading = {name: value for name, value in run.reading.items() if name != "sample"}
    if any(word.lower() in run.filename.lower() for word in traces.words):
        run.filename = _("Erased")
    corrections = json.dumps(run.mapping.get("values", {}), ensure_ascii=False)
    if any(word in corrections for word in [*traces.words, *traces.together]):
        run.mapping = {**run.mapping, "values": {}}
    run.save(update_fields=["file", "reading", "filename", "mapping"])
