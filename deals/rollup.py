"""The triggers that keep `DealTotal` equal to what the deals add up to, made by a migration.

PostgreSQL: a trigger per statement appends what the statement changed, place by place. Appending
needs no lock, so that nobody who saves a deal waits for anybody else and no two can deadlock; the sum
is right in every snapshot. `deals.rollup_upkeep` merges the rows now and then.

SQLite, where one writes at a time: a trigger per row brings the one row of each place up to date.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations import RunPython

PLACE = ("pipeline_id", "stage_id", "owner_id", "team_id", "category", "month")
SUMS = ("deals", "unpriced", "amount", "weighted")
COLUMNS = ", ".join((*PLACE, *SUMS))
_WATCHED = (
    "pipeline_id", "stage_id", "owner_id", "team_id", "forecast_category", "expected_close_on", "closed_on",
    "amount_base", "probability", "deleted_at",
)  # fmt: skip

# PostgreSQL

_TOTALS = ", ".join(f"sum({name})" for name in SUMS)
_NOT_ZERO = " OR ".join(f"sum({name}) <> 0" for name in SUMS)


def _rows(table: str, sign: int) -> str:
    """What the rows of a transition table count for."""
    return f"""SELECT pipeline_id, stage_id, owner_id, team_id, forecast_category AS category,
        date_trunc('month', coalesce(closed_on, expected_close_on)::timestamp)::date AS month,
        {sign} AS deals, {sign} * (amount_base IS NULL)::int AS unpriced,
        {sign} * coalesce(amount_base, 0) AS amount,
        {sign} * coalesce(amount_base, 0) * probability / 100 AS weighted
        FROM {table} WHERE deleted_at IS NULL"""  # noqa: S608 (names of our own tables)


def merged(rows: str) -> str:
    """An INSERT of rows added up by place, without places where nothing is left."""
    return (
        f"INSERT INTO deals_dealtotal ({COLUMNS}) SELECT {', '.join(PLACE)}, {_TOTALS} "  # noqa: S608
        f"FROM ({rows}) AS rows GROUP BY {', '.join(PLACE)} HAVING {_NOT_ZERO} "
        f"ORDER BY {', '.join(PLACE)}"
    )


def _postgres() -> list[str]:
    made = []
    for event, names in {"INSERT": ("new",), "UPDATE": ("old", "new"), "DELETE": ("old",)}.items():
        function = f"gx_deal_total_{event.lower()}"
        rows = " UNION ALL ".join(_rows(f"{name}_rows", 1 if name == "new" else -1) for name in names)
        tables = " ".join(f"{name.upper()} TABLE AS {name}_rows" for name in names)
        made += [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {merged(rows)}; RETURN NULL; END $$",
            f"CREATE TRIGGER {function} AFTER {event} ON deals_deal REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
        ]
    return made


# SQLite

# In a unique index each NULL would be a value of its own.
_NOTHING = {"owner_id": "0", "team_id": "0", "month": "''"}
_KEY = [f"ifnull({name}, {_NOTHING[name]})" if name in _NOTHING else name for name in PLACE]


def _place(row: str) -> list[str]:
    day = f"ifnull({row}.closed_on, {row}.expected_close_on)"
    return [
        f"{row}.pipeline_id", f"{row}.stage_id", f"{row}.owner_id", f"{row}.team_id",
        f"{row}.forecast_category", f"date({day}, 'start of month')",
    ]  # fmt: skip


def _sums(row: str) -> list[str]:
    """In smallest units: hundredths, and hundredths × percent."""
    units = f"CAST(round(ifnull({row}.amount_base, 0) * 100) AS INTEGER)"
    return ["1", f"({row}.amount_base IS NULL)", units, f"{units} * {row}.probability"]


def _add(row: str) -> str:
    more = ", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS)
    return (
        f"INSERT INTO deals_dealtotal ({COLUMNS}) SELECT {', '.join(_place(row) + _sums(row))} "
        f"WHERE {row}.deleted_at IS NULL ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {more};"
    )


def _take(row: str) -> str:
    """A place that is empty goes; one that is not there (all rows are being deleted) stays away."""
    less = ", ".join(f"{name} = {name} - {value}" for name, value in zip(SUMS, _sums(row), strict=True))
    values = [
        f"ifnull({value}, {_NOTHING[name]})" if name in _NOTHING else value
        for name, value in zip(PLACE, _place(row), strict=True)
    ]
    here = " AND ".join(f"{key} = {value}" for key, value in zip(_KEY, values, strict=True))
    return (
        f"UPDATE deals_dealtotal SET {less} WHERE {row}.deleted_at IS NULL AND {here};"  # noqa: S608
        f"DELETE FROM deals_dealtotal WHERE deals = 0 AND {here};"
    )


def _sqlite() -> list[str]:
    differs = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _WATCHED)
    return [
        f"CREATE UNIQUE INDEX deals_dealtotal_place ON deals_dealtotal ({', '.join(_KEY)})",
        f"CREATE TRIGGER deals_total_add AFTER INSERT ON deals_deal BEGIN {_add('new')} END",
        f"CREATE TRIGGER deals_total_take AFTER DELETE ON deals_deal BEGIN {_take('old')} END",
        f"CREATE TRIGGER deals_total_move AFTER UPDATE ON deals_deal WHEN {differs} "
        f"BEGIN {_take('old')} {_add('new')} END",
    ]


def _drop(vendor: str) -> list[str]:
    if vendor == "postgresql":
        made = [f"gx_deal_total_{event}" for event in ("insert", "update", "delete")]
        return [f"DROP FUNCTION IF EXISTS {name} CASCADE" for name in made]
    made = [f"DROP TRIGGER IF EXISTS deals_total_{name}" for name in ("add", "take", "move")]
    return [*made, "DROP INDEX IF EXISTS deals_dealtotal_place"]


def filled(vendor: str) -> list[str]:
    """Statements that add everything up anew."""
    empty = "DELETE FROM deals_dealtotal"
    if vendor == "postgresql":
        return [empty, merged(_rows("deals_deal", 1))]
    sums = ", ".join(f"sum({value})" for value in _sums("deals_deal"))
    return [
        empty,
        f"INSERT INTO deals_dealtotal ({COLUMNS}) SELECT {', '.join(_place('deals_deal'))}, {sums} "  # noqa: S608
        "FROM deals_deal WHERE deleted_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6",
    ]


def deal_totals() -> RunPython:
    """The migration operation that makes the triggers and adds up what is there.

    Django rebuilds SQLite tables when it alters them, which drops triggers: a later migration that
    alters `deals_deal` ends with this operation again.
    """

    def forwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        make = _postgres() if vendor == "postgresql" else _sqlite()
        _run(schema_editor, [*_drop(vendor), *make, *filled(vendor)])

    def backwards(apps: Any, schema_editor: Any) -> None:
        _run(schema_editor, _drop(schema_editor.connection.vendor))

    return RunPython(forwards, backwards)


def _run(schema_editor: Any, statements: list[str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
