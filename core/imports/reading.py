"""An import's file, opened the way it was when the person looked at it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from core.importing.readers import Position, ReadOptions, Row, Table, open_table
from core.models import ImportRun

T = TypeVar("T")
#: Rows of one transaction.
CHUNK = 2_000
#: A group of rows (one order) is cut when it is larger than this.
GROUP = 20_000


def open_run(run: ImportRun) -> Table:
    """The table of an import, with the encoding, delimiter and sheet settled at upload."""
    return open_table(run.file.path, options=options_of(run.reading))


def options_of(reading: dict[str, Any]) -> ReadOptions:
    """ReadOptions from the JSON an ImportRun keeps."""
    chosen = reading.get("chosen", {})
    return ReadOptions(
        encoding=chosen.get("encoding") or None,
        delimiter=chosen.get("delimiter") or None,
        header_row=chosen.get("header_row"),
        sheet=chosen.get("sheet") or None,
    )


def chunks(
    table: Table, resume: Position | None, group: int | None = None, size: int = CHUNK
) -> Iterator[tuple[list[Row], Position]]:
    """Rows in chunks, each with the position after it. Neighbours with the same cell in column
    `group` stay in one chunk."""
    rows: list[Row] = []
    position = resume or table.tell()
    for row in table.rows(resume=resume):
        if len(rows) >= size and not _together(rows, row, group):
            yield rows, position
            rows = []
        rows.append(row)
        position = table.tell()
    if rows:
        yield rows, position


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made in a thread while the one before it is worked on: cells are parsed
    while the database writes. What makes them must not use the database."""
    here = copy_context()  # messages about cells are in the person's language

    def make() -> T | None:
        return here.run(next, items, None)

    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(make)
        while (item := coming.result()) is not None:
            coming = thread.submit(make)
            yield item


def _together(rows: list[Row], row: Row, group: int | None) -> bool:
    if group is None or len(rows) >= GROUP:
        return False
    return rows[-1].values[group] == row.values[group]
