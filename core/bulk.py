"""Many rows into one table at once: COPY on PostgreSQL, one prepared statement on SQLite.

Model instances are never made: a caller gives columns of plain values. Several times faster than
``bulk_create`` for wide models, and the memory of one chunk is all it takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    for field in model._meta.concrete_fields:
        if field.attname in values:
            column: Iterable[Any] = values[field.attname]
            convert = _converter(field)
            if convert:
                column = map(convert, column)
        elif field.primary_key:
            continue
        else:
            value = fixed[field.attname] if field.attname in fixed else field.get_default()
            convert = _converter(field)
            column = [convert(value) if convert else value] * count
        names.append(connection.ops.quote_name(str(field.column)))
        columns.append(column)
    _write(connection.ops.quote_name(model._meta.db_table), names, zip(*columns, strict=True))


def _write(table: str, names: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    listed = ", ".join(names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Table and column names come from our models, never from a person.
            with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
                write = copy.write_row
                for row in rows:
                    write(row)
        else:
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(rows))  # noqa: S608


def _converter(field: models.Field) -> Callable[[Any], Any] | None:
    """What turns a Python value into the database's own form, where the driver does not."""
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: None if value is None else json.dumps(value, cls=encoder)
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateField | models.DecimalField):  # DateTimeField is a DateField
        prepare = field.get_db_prep_save
        return lambda value: None if value is None else prepare(value, connection)
    return None


def prepare_for_many(models_written: Sequence[type[models.Model]]) -> None:
    """Call inside the transaction of a chunk. PostgreSQL then merges search indexes in larger
    portions; a crash of the server may lose the last chunk, which is then simply done again."""
    if connection.vendor == "postgresql" and models_written:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL gin_pending_list_limit = '16MB'; SET LOCAL work_mem = '64MB'; "
                "SET LOCAL synchronous_commit = off"
            )


def renew_statistics(models_written: Sequence[type[models.Model]], grown_by: int) -> None:
    """Tell PostgreSQL's planner of tables that have at least doubled since it last looked: with
    the old statistics it would read them whole for every chunk."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models_written:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
            if cursor.fetchone()[0] < grown_by:
                cursor.execute(f"ANALYZE {table}")
