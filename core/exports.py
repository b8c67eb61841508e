"""Any list as CSV or XLSX, in flat memory: a step of rows is read, written and forgotten."""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from core.defuse import DANGEROUS, defuse
from core.job_titles import register_job_page
from core.jobs import Running, job_handler
from core.lists import ListState, find
from core.models import ExportLog
from core.nightly import nightly_step
from core.tables import Column
from core.workbook import write_xlsx
from core.zones import zone_of

STEP = 2_000
JOB_FROM = 20_000
KEPT = timedelta(days=1)
CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Export:
    """The rows of one list state under their heads."""

    state: ListState
    every_field: bool = False

    @property
    def columns(self) -> list[Column]:
        found = self.state.columns.values() if self.every_field else self.state.shown
        return [column for column in found if column.exported]

    @property
    def heads(self) -> list[str]:
        """Keys where the file is to be imported again, else the words on the page."""
        if self.every_field:
            return [column.key for column in self.columns]
        return [str(column.label) for column in self.columns]

    def rows(self) -> Iterator[list[Any]]:
        columns, state = self.columns, self.state
        plain = [column.writer() for column in columns]
        for pks in state.ordered.chunks(STEP):
            for row in state.spec.table.fetch(state.cells, pks, columns, state.user):
                yield [value(row) for value in plain]


class _Line:
    """What csv.writer writes to: it hands each line back."""

    def write(self, value: str) -> str:
        return value


def csv_lines(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with a mark that tells Excel so, CRLF, every cell defused."""
    writer = csv.writer(_Line())
    piece = [writer.writerow([defuse(head) for head in heads])]
    first = "\ufeff"
    for row in rows:
        # Most cells are empty or numbers; a call for each would take as long as reading them.
        cells = [value if not value or type(value) in _AS_IS else _csv_value(value) for value in row]
        piece.append(writer.writerow(cells))
        if len(piece) >= 500:
            yield (first + "".join(piece)).encode()
            first, piece = "", []
    yield (first + "".join(piece)).encode()


def _csv_value(value: Any) -> Any:
    if type(value) is str:
        return defuse(value) if value[:1] in _SUSPECT else value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value


_SUSPECT = DANGEROUS | {"'"}
_AS_IS = frozenset({int, float, Decimal, date})


def file_name(key: str, kind: str) -> str:
    return f"{key}-{timezone.localdate():%Y-%m-%d}.{kind}"


def log_export(*, user: Any, key: str, kind: str, query: str, every_field: bool) -> ExportLog:
    """Write down that somebody takes data out, before the first row leaves."""
    return ExportLog.objects.create(
        user=user, page=key, kind=kind, query=query[:2000], every_field=every_field
    )


@job_handler("core.export")
def export_in_background(job: Running) -> dict[str, Any]:
    """A large file, made by the worker as the person who asked: their visibility, their language."""
    entry = ExportLog.objects.select_related("user").get(pk=job.arguments["entry"])
    spec = find(entry.page)
    assert spec is not None
    assert entry.user is not None
    query = str(job.arguments.get("query", entry.query))
    state = ListState(spec, entry.user, QueryDict(query.lstrip("?")))
    export = Export(state, entry.every_field)

    def reported() -> Iterator[list[Any]]:
        for count, row in enumerate(export.rows(), 1):
            if count % STEP == 0:
                job.step(done=count)
            yield row

    zone = timezone.override(zone_of(entry.user))
    with override(entry.user.language or None), zone, NamedTemporaryFile(suffix=f".{entry.kind}") as target:
        if entry.kind == XLSX:
            count = write_xlsx(target.name, export.heads, reported())
        else:
            count = _write_csv(target.name, export, reported())
        with Path(target.name).open("rb") as made:
            entry.file = default_storage.save(f"exports/{secrets.token_hex(16)}", File(made))
    entry.rows, entry.expires_at = count, timezone.now() + KEPT
    entry.save(update_fields=["rows", "file", "expires_at"])
    return {"rows": count, "entry": entry.pk}


def _write_csv(path: str, export: Export, rows: Iterable[list[Any]]) -> int:
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    with Path(path).open("wb") as target:
        target.writelines(csv_lines(export.heads, counted()))
    return count


def remove_expired(now: datetime | None = None) -> int:
    """Delete the files nobody may fetch any more; the log stays."""
    rows = list(ExportLog.objects.filter(expires_at__lt=now or timezone.now()).exclude(file=""))
    for entry in rows:
        default_storage.delete(entry.file)
        entry.file = ""
        entry.save(update_fields=["file"])
    return len(rows)


@nightly_step("core.expired_exports")
def remove_expired_nightly(day: date) -> dict[str, int]:
    return {"removed": remove_expired()}


register_job_page(
    "core.export", _("Export"), lambda job: reverse("core:export_detail", args=[job.arguments["entry"]])
)
