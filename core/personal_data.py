"""All that is known about one person or customer: handing it out, and erasing it.

Each app says what it knows, so that nothing is forgotten when a new app comes:

    register_source("customers.customer", "orders", _("Orders"), rows=order_rows)
    register_eraser("customers.customer", forget_notes)
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.encoding import force_str

from core.changes import ChangeLog, label_of
from core.defuse import defuse
from core.models import Record

Rows = Callable[[Any], Iterable[Mapping[str, Any]]]
Eraser = Callable[[Any, ChangeLog], None]


@dataclass(frozen=True)
class Source:
    key: str
    title: Any
    rows: Rows


_sources: dict[str, dict[str, Source]] = defaultdict(dict)
_erasers: dict[str, list[Eraser]] = defaultdict(list)


def register_source(model: str, key: str, title: Any, *, rows: Rows) -> None:
    """`rows(record)` gives what is known about it, one mapping each."""
    _sources[model][key] = Source(key, title, rows)


def register_eraser(model: str, erase: Eraser) -> None:
    """`erase(record, log)` removes or pseudonymises; it must leave no old value in the log."""
    if erase not in _erasers[model]:
        _erasers[model].append(erase)


def everything(record: Record) -> dict[str, list[dict[str, Any]]]:
    """Section by section, what all apps know."""
    return {
        source.key: [dict(row) for row in source.rows(record)]
        for source in _sources[label_of(record)].values()
    }


def archive(record: Record) -> bytes:
    """A zip with everything as one JSON file and one CSV file for each section."""
    sections = everything(record)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        text = json.dumps(sections, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        package.writestr("data.json", text)
        for key, rows in sections.items():
            if rows:
                package.writestr(f"{key}.csv", _csv(rows))
    return out.getvalue()


def _csv(rows: list[dict[str, Any]]) -> bytes:
    heads = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_cell(row.get(name)) for name in heads] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    if isinstance(value, list | dict):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    return defuse(force_str(value))


def erase(record: Record, log: ChangeLog) -> None:
    """Let every app forget what it knows."""
    for eraser in _erasers[label_of(record)]:
        eraser(record, log)
