"""Search indexes, made by a migration: FTS5 with triggers on SQLite, GIN on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.migrations import RunPython

_POSTGRES_SETUP = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    # Every word gets an x in front: the parser would read 12e5acd as a number and a word, and keep
    # an e-mail address as one word.
    r"""CREATE OR REPLACE FUNCTION gx_words(value text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
        $$ SELECT to_tsvector('pg_catalog.simple'::regconfig,
               regexp_replace(' ' || value, '[^[:alnum:]]+', ' x', 'g')) $$""",
]


def _postgres(table: str) -> list[str]:
    return [
        f"CREATE INDEX IF NOT EXISTS {table}_tri ON {table} USING gin (search_text gin_trgm_ops)",
        f"CREATE INDEX IF NOT EXISTS {table}_word ON {table} USING gin (gx_words(search_text))",
    ]


def _sqlite(table: str) -> list[str]:
    made = []
    for suffix, tokenizer in (
        ("tri", "trigram"),
        ("word", "unicode61 remove_diacritics 0"),
    ):
        index = f"{table}_{suffix}"
        remove = (
            f"INSERT INTO {index}({index}, rowid, search_text) VALUES('delete', old.id, old.search_text);"
        )
        add = f"INSERT INTO {index}(rowid, search_text) VALUES (new.id, new.search_text);"  # noqa: S608 (names of our own tables)
        made += [
            f"CREATE VIRTUAL TABLE {index} USING fts5(search_text, content='{table}', "
            f"content_rowid='id', tokenize='{tokenizer}')",
            f"CREATE TRIGGER {index}_add AFTER INSERT ON {table} BEGIN {add} END",
            f"CREATE TRIGGER {index}_remove AFTER DELETE ON {table} BEGIN {remove} END",
            f"CREATE TRIGGER {index}_change AFTER UPDATE OF search_text ON {table} "
            f"WHEN old.search_text <> new.search_text BEGIN {remove} {add} END",
        ]
    return made


def _drop(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP INDEX IF EXISTS {table}_{suffix}" for suffix in ("tri", "word")]
    return [
        statement
        for suffix in ("tri", "word")
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_{suffix}_add",
            f"DROP TRIGGER IF EXISTS {table}_{suffix}_remove",
            f"DROP TRIGGER IF EXISTS {table}_{suffix}_change",
            f"DROP TABLE IF EXISTS {table}_{suffix}",
        )
    ]


def search_index(table: str) -> RunPython:
    """The migration operation that makes the search indexes of one table.

    Django rebuilds SQLite tables when it alters them, which drops triggers: a later migration
    that alters the table ends with this operation again.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        statements = _drop(table, connection.vendor)
        if connection.vendor == "postgresql":
            statements += _POSTGRES_SETUP + _postgres(table)
        else:
            statements += _sqlite(table)
            statements += [
                f"INSERT INTO {table}_{suffix}({table}_{suffix}) VALUES('rebuild')"
                for suffix in ("tri", "word")
            ]
        _run(connection, statements)

    def backwards(apps: Any, schema_editor: Any) -> None:
        connection = schema_editor.connection
        _run(connection, _drop(table, connection.vendor))

    return RunPython(forwards, backwards)


def forget_words(table: str) -> None:
    """Take the words of removed and changed rows out of the index for good: until its parts are
    merged, SQLite keeps them beside a note that they are gone. (PostgreSQL's autovacuum does it.)"""
    if connection.vendor != "postgresql":
        _run(
            connection,
            [f"INSERT INTO {table}_{name}({table}_{name}) VALUES('optimize')" for name in ("tri", "word")],
        )


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
