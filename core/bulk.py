"""Many rows into one table at once: COPY on PostgreSQL, one prepared statement on SQLite.

Model instances are never made: a caller gives columns of plain values. Several times faster than
``bulk_create`` for wide models, and the memory of one chunk is all it takes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, models

Values = Mapping[str, Sequence[Any]]


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take ``count`` new primary keys; rows are then inserted with them.

    On SQLite the caller holds the write lock (every transaction of ours begins with it).
    """
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [f'"{table}"', count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        return list(range(first, first + count))


def insert_rows(
    model: type[models.Model], count: int, values: Values, constants: Mapping[str, Any] | None = None
) -> None:
    """Insert ``count`` rows. ``values`` has a list for each column that varies, ``constants`` what
    is the same in every row; all other columns get the defaults of the model.

    Columns are named by ``attname`` (``owner_id``). Nothing is validated here but the
    constraints of the database.
    """
    if not count:
        return
    fixed = dict(constants or {})
    names: list[str] = []
    columns: list[Iterable[Any]] = []
    same: list[tuple[str, Any]] = []
    for field in model._meta.concrete_fields:
        convert = _converter(field)
        name = connection.ops.quote_name(str(field.column))
        if field.attname in values:
            names.append(name)
            column = values[field.attname]
            columns.append(map(convert, column) if convert else column)
        elif not field.primary_key:
            value = fixed[field.attname] if field.attname in fixed else field.get_default()
            same.append((name, convert(value) if convert else value))
    write = _copy if connection.vendor == "postgresql" else _insert
    table = connection.ops.quote_name(model._meta.db_table)
    names += [name for name, _value in same]
    write(table, names, zip(*columns, strict=True), [value for _name, value in same])


# Table and column names come from our models, never from a person.


def _insert(table: str, names: list[str], rows: Iterable[tuple[Any, ...]], same: list[Any]) -> None:
    marks = ", ".join(["%s"] * len(names))
    more = tuple(same)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
            [row + more for row in rows],
        )


def _copy(table: str, names: list[str], rows: Iterable[tuple[Any, ...]], same: list[Any]) -> None:
    """COPY in its text format: what is the same in every row is written out only once."""
    end = "".join("\t" + _text(value) for value in same) + "\n"
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        while lines := ["\t".join(map(_text, row)) for row in islice(rows, _LINES)]:
            copy.write(end.join(lines) + end)


_LINES = 500
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def _text(value: Any) -> str:
    """One value as COPY reads it."""
    if isinstance(value, str):
        return value.translate(_ESCAPES) if _SPECIAL.search(value) else value
    return r"\N" if value is None else str(value)  # numbers, days and times, truth


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """What turns a Python value into the database's own form, where the driver does not."""
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: None if value is None else json.dumps(value, cls=encoder)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateField | models.DecimalField):  # DateTimeField is a DateField
        prepare = field.get_db_prep_save
        # Neighbours often have the same day, and this takes longer than looking it up.
        return lru_cache(maxsize=1_000)(lambda value: None if value is None else prepare(value, connection))
    return None


def prepare_for_many(models_written: Sequence[type[models.Model]]) -> None:
    """Call inside the transaction of a chunk. PostgreSQL then merges search indexes in larger
    portions; a crash of the server may lose the last chunk, which is then simply done again.

    A table that was small when its statistics were made would be read whole, for each chunk and for
    each foreign key checked: no table is, whatever the statistics say.
    """
    if connection.vendor == "postgresql" and models_written:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '64MB'; "
                "SET LOCAL synchronous_commit = off; SET LOCAL enable_seqscan = off"
            )
