"""Fills tables at the speed of the database: COPY on PostgreSQL, executemany on SQLite.

Indexes and triggers are put aside meanwhile and made again afterwards, which is many times
faster and leaves better indexes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import connection, models

BATCH = 20_000
Row = Sequence[Any]


def moment(at: datetime) -> str:
    """A time as text, in the form this database keeps."""
    at = at.astimezone(UTC)
    return str(at) if connection.vendor == "postgresql" else str(at.replace(tzinfo=None))


def load(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Insert rows of plain values; columns that are not named get the model's defaults."""
    rest = _defaults(model, set(columns))
    names = [*columns, *rest]
    table = connection.ops.quote_name(model._meta.db_table)
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    constants = tuple(rest.values())
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({quoted}) FROM STDIN", rows, constants)
    marks = ", ".join(["%s"] * len(names))
    return _insert(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows, constants)  # noqa: S608


def _defaults(model: type[models.Model], given: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.column in given or field.generated or field.primary_key:
            continue
        value = field.get_default()
        if isinstance(field, models.JSONField):
            value = None if value is None else json.dumps(value)
        elif isinstance(value, datetime):
            value = moment(value)
        elif isinstance(value, bool):
            value = int(value)
        found[field.column] = value
    return found


def _text(value: Any) -> str:
    return "\\N" if value is None else str(value)


def _copy(sql: str, rows: Iterable[Row], constants: Row) -> int:
    tail = "".join(f"\t{_text(value)}" for value in constants) + "\n"
    count = 0
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for batch in _batches(rows):
            copy.write("".join(["\t".join(map(_text, row)) + tail for row in batch]))
            count += len(batch)
    return count


def _insert(sql: str, rows: Iterable[Row], constants: Row) -> int:
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(rows):
            cursor.executemany(sql, [(*row, *constants) for row in batch])
            count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Indexes, triggers and foreign-key checks of these tables wait until the rows are in."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _TUNE_POSTGRES if postgres else _TUNE_SQLITE:
            cursor.execute(statement)
        again = (_drop_postgres if postgres else _drop_sqlite)(cursor, tables)
    yield
    with connection.cursor() as cursor:
        for statement in again:
            cursor.execute(statement)
        for statement in _AFTER_POSTGRES if postgres else _AFTER_SQLITE:
            cursor.execute(statement)


_TUNE_POSTGRES = [
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
]
_AFTER_POSTGRES = ["SET session_replication_role = DEFAULT"]
_TUNE_SQLITE = [
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -400000",
]
_AFTER_SQLITE = ["PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL"]


def _drop_postgres(cursor: Any, tables: Sequence[str]) -> list[str]:
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema()"
        " AND i.tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexname::regclass)",
        [list(tables)],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _drop_sqlite(cursor: Any, tables: Sequence[str]) -> list[str]:
    marks = ", ".join(["%s"] * len(tables))
    cursor.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"  # noqa: S608
        f" WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN ({marks})",
        list(tables),
    )
    found = cursor.fetchall()
    for kind, name, _table, _sql in found:
        cursor.execute(f'DROP {kind} "{name}"')
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%fts5%%'")
    indexes = [name for (name,) in cursor.fetchall() if name.rpartition("_")[0] in tables]
    rebuild = [f"INSERT INTO {name}({name}) VALUES('rebuild')" for name in indexes]
    return [*rebuild, *(sql for *_rest, sql in found)]


def finish() -> None:
    """Set the sequences behind the loaded ids and gather statistics."""
    from django.apps import apps
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
