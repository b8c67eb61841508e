"""Pages of a list that cost the same wherever they are.

An order is cut into segments, each answered by one range of one index: rows with a value, then
rows without one. (PostgreSQL and SQLite disagree on where empty values belong, and neither can
walk an ordinary index with them last in both directions.) A page is found by ids alone, from the
index; the next and previous pages start at a key, not at an offset.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import BooleanField, Count, Expression, F, Model, Q, QuerySet, Value

from core.tables import BLANK, NULL, Sort

#: Up to this offset a page may be asked for by its number.
OFFSET_LIMIT = 50_000
#: So many rows are gathered rather than looked for along an order, of which so many are looked at.
GATHERED = 100_000
GLANCED = 5_000


class RowCompare(Expression):
    """`(a, b, id) > (x, y, z)`: one comparison that both databases answer from an index."""

    conditional = True

    def __init__(self, names: Sequence[str], operator: str, values: Sequence[Any]) -> None:
        super().__init__(output_field=BooleanField())
        self.left: list[Any] = [F(name) for name in names]
        self.right: list[Any] = [Value(value) for value in values]
        self.operator = ">" if operator == ">" else "<"

    def get_source_expressions(self) -> list[Any]:
        return [*self.left, *self.right]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        half = len(exprs) // 2
        self.left, self.right = list(exprs[:half]), list(exprs[half:])

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        resolved: Any = super().resolve_expression(*args, **kwargs)
        for column, value in zip(resolved.left, resolved.right, strict=True):
            value.output_field = column.output_field
        return resolved

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sides, params = [], []
        for expressions in (self.left, self.right):
            parts = [compiler.compile(expression) for expression in expressions]
            sides.append("(" + ", ".join(sql for sql, _params in parts) + ")")
            params += [param for _sql, found in parts for param in found]
        return f"{sides[0]} {self.operator} {sides[1]}", params


@dataclass(frozen=True)
class Segment:
    """One range of an index: its condition, the columns that order it, and the direction."""

    where: Q
    order: tuple[str, ...]
    descending: bool
    # The column that is NULL in all these rows. PostgreSQL walks the index in order only when the
    # ORDER BY names it, although it cannot change the order.
    void: str = ""

    def holds(self, key: dict[str, Any]) -> bool:
        return all(_matches(name, value, key) for name, value in self.where.children)  # type: ignore[misc]


def _matches(name: str, value: Any, key: dict[str, Any]) -> bool:
    field, _sep, lookup = name.partition("__")
    found = key.get(field)
    if lookup == "isnull":
        return (found is None) == value
    return found > value if lookup == "gt" and found is not None else found == value


@dataclass(frozen=True)
class Cut:
    """The ids of one page and the keys of its first and last row."""

    pks: list[int]
    first: str = ""
    last: str = ""
    has_previous: bool = False
    has_next: bool = False


class Pager:
    """Cuts pages out of a queryset in one order.

    With `gather`, a result of up to so many rows is found first and sorted then, and `in_all` says
    how many they are: left to itself the database may walk the whole order looking for a handful.
    Of a larger result (`in_all` is then above `gather`) the first rows along the order are looked
    through, unless it may lie `clustered` in it; then up to GATHERED rows are gathered.
    `parts` are querysets without a row in common that make up the whole and are quicker to find.
    """

    def __init__(
        self,
        queryset: QuerySet,
        sort: Sort,
        *,
        descending: bool,
        gather: int = 0,
        clustered: bool = False,
        parts: Sequence[QuerySet] = (),
    ) -> None:
        self.queryset = _computed(queryset.order_by(), sort)
        self.sort = sort
        self.descending = descending
        self.names = (*sort.fields, "pk")
        self.gather, self.clustered = gather, clustered
        self.parts = parts or [self.queryset]
        self.in_all: int | None = None

    # Where a page starts

    def at(self, offset: int, size: int) -> Cut:
        """The page that begins at an offset."""
        found: list[tuple[Any, ...]] = []
        counts = self._group_counts() if self.sort.groups and offset else None
        skip = offset
        for segment in self._segments():
            if counts is not None:
                held = counts.get(self._group_of(segment), 0)
                if held <= skip:
                    skip -= held
                    continue
            part = self._read(segment, size + 1 - len(found), skip=skip)
            found += part
            if len(found) > size:
                break
            skip = 0 if part or not skip else skip - self._held(segment, skip)
        return self._cut(found[:size], previous=offset > 0, following=len(found) > size)

    def after(self, cursor: str, size: int) -> Cut | None:
        """The page that follows the row with this key; None for a key that makes no sense."""
        found = self._from(cursor, size, backwards=False)
        return None if found is None else self._cut(found[:size], previous=True, following=len(found) > size)

    def before(self, cursor: str, size: int) -> Cut | None:
        """The page that ends just before the row with this key."""
        found = self._from(cursor, size, backwards=True)
        if found is None:
            return None
        return self._cut(found[:size][::-1], previous=len(found) > size, following=True)

    def last(self, size: int) -> Cut:
        """The last rows of all."""
        found: list[tuple[Any, ...]] = []
        for segment in reversed(self._segments()):
            found += self._read(segment, size + 1 - len(found), backwards=True)
            if len(found) > size:
                break
        return self._cut(found[:size][::-1], previous=len(found) > size, following=False)

    def chunks(self, size: int) -> Iterator[list[int]]:
        """All ids in order, in steps; every step costs the same."""
        cut: Cut | None = self.at(0, size)
        while cut is not None and cut.pks:
            yield cut.pks
            cut = self.after(cut.last, size) if cut.has_next else None

    def count(self, limit: int) -> int:
        """How many rows there are in all, up to `limit` + 1; a page that was gathered has told already."""
        if self.in_all is None:
            found, params = self._found(limit, [self.queryset.model._meta.pk.attname])
            if not found:
                return 0
            with connections[self.queryset.db].cursor() as cursor:
                cursor.execute(f"SELECT COUNT(*) FROM ({found}) found", params)  # noqa: S608  # the ORM's
                self.in_all = cursor.fetchone()[0]
        return min(self.in_all, limit + 1)

    # Inside

    def _from(self, cursor: str, size: int, *, backwards: bool) -> list[tuple[Any, ...]] | None:
        key = self._decode(cursor)
        if key is None:
            return None
        found: list[tuple[Any, ...]] = []
        started = False
        segments = self._segments()
        for segment in reversed(segments) if backwards else segments:
            beyond = None
            if not started:
                if not segment.holds(key):
                    continue
                started = True
                down = segment.descending != backwards
                beyond = RowCompare(segment.order, "<" if down else ">", [key[n] for n in segment.order])
            found += self._read(segment, size + 1 - len(found), backwards=backwards, beyond=beyond)
            if len(found) > size:
                break
        return found if started else None

    def _read(
        self,
        segment: Segment,
        size: int,
        *,
        skip: int = 0,
        backwards: bool = False,
        beyond: RowCompare | None = None,
    ) -> list[tuple[Any, ...]]:
        """The keys of some rows of a segment."""
        sign = "-" if segment.descending != backwards else ""
        names = [sign + name for name in ((segment.void,) if segment.void else ()) + segment.order]
        wanted = segment.where if beyond is None else segment.where & Q(beyond)

        def cut(rows: QuerySet) -> QuerySet:
            rows = rows.filter(wanted).order_by(*names)
            return rows.values_list(*self.names)[skip : skip + size]

        if not self.gather:
            return list(cut(self.queryset))
        base = self.queryset.model._base_manager.filter(wanted).order_by(*names)
        found = self._gathered(cut(base), self.gather)
        if found is None and not self.clustered:
            found = self._glanced(cut(self.queryset), base.filter(deleted_at=None)[:GLANCED], size)
        if found is None:
            found = self._gathered(cut(base), GATHERED)
        return list(cut(self.queryset)) if found is None else found

    def _gathered(self, rows: QuerySet, limit: int) -> list[tuple[Any, ...]] | None:
        """These rows of the whole result; None where that has more than `limit` rows."""
        if self.in_all is not None and self.in_all > limit:
            return None
        meta = rows.model._meta
        columns = [(meta.pk if name == "pk" else meta.get_field(name)).attname for name in self.names]
        found, params = self._found(limit, columns)
        if not found:
            return []
        # One answer holds the rows and how many there are.
        source = ", (SELECT COUNT(*) FROM found) FROM found"
        keys = _from(rows, source, f"WITH found AS MATERIALIZED ({found})", params)
        self.in_all = keys[0][-1] if keys else self.count(limit)
        return [key[:-1] for key in keys] if self.in_all <= limit else None

    def _glanced(self, rows: QuerySet, first: QuerySet, size: int) -> list[tuple[Any, ...]] | None:
        """These rows if the first ones along the order hold them all."""
        sql, params = first.query.sql_with_params()
        found = _from(rows, f" FROM ({sql})", "", params)
        return found if len(found) == size else None

    def _found(self, limit: int, columns: Sequence[str]) -> tuple[str, list[Any]]:
        """The statement that reads columns of all rows; empty where it is plain that there are none."""
        statements: list[str] = []
        params: list[Any] = []
        for part in self.parts:
            try:
                sql, given = part.order_by().values_list(*columns).query.sql_with_params()
            except EmptyResultSet:
                continue
            statements.append(sql)
            params += given
        together = " UNION ALL ".join(statements)
        return (f"{together} LIMIT {limit + 1}" if together else ""), params

    def _held(self, segment: Segment, most: int) -> int:
        """How many rows a segment has, up to so many."""
        return self.queryset.filter(segment.where)[:most].count()

    def _segments(self) -> list[Segment]:
        if not hasattr(self, "_cached"):
            self._cached = list(self._make_segments())
        return self._cached

    def _make_segments(self) -> Iterator[Segment]:
        first, rest = self.sort.fields[0], self.sort.fields[1:]
        if self.sort.groups:
            groups = self.sort.groups(self.queryset)
            for value in reversed(groups) if self.descending else groups:
                yield Segment(Q((first, value)), (*rest, "pk"), False)
            if self.sort.empty:
                yield Segment(Q((f"{first}__isnull", True)), (*rest, "pk"), False, f"{first}_id")
        elif self.sort.empty == NULL:
            yield Segment(Q((f"{first}__isnull", False)), self.names, self.descending)
            yield Segment(Q((f"{first}__isnull", True)), (*rest, "pk"), self.descending, first)
        elif self.sort.empty == BLANK:
            yield Segment(Q((f"{first}__gt", "")), self.names, self.descending)
            yield Segment(Q((first, "")), (*rest, "pk"), self.descending)
        else:
            yield Segment(Q(), self.names, self.descending)

    def _group_counts(self) -> dict[Any, int]:
        first = self.sort.fields[0]
        rows = self.queryset.values_list(first).annotate(n=Count("pk"))
        return dict(rows)

    def _group_of(self, segment: Segment) -> Any:
        name, value = segment.where.children[0]  # type: ignore[misc]
        return None if name.endswith("__isnull") else value

    def _cut(self, rows: Sequence[tuple[Any, ...]], *, previous: bool, following: bool) -> Cut:
        if not rows:
            return Cut([], has_previous=previous)
        return Cut([row[-1] for row in rows], _encode(rows[0]), _encode(rows[-1]), previous, following)

    def _decode(self, cursor: str) -> dict[str, Any] | None:
        try:
            values = json.loads(base64.urlsafe_b64decode(cursor[:2000].encode() + b"=="))
        except (ValueError, binascii.Error, RecursionError):
            return None
        if not isinstance(values, list) or len(values) != len(self.names):
            return None
        key: dict[str, Any] = {}
        for name, value in zip(self.names, values, strict=True):
            field = self._field(name)
            if value is not None and not isinstance(value, str | int | float):
                return None
            try:
                key[name] = field.to_python(value)
            except (ValidationError, ValueError, TypeError, OverflowError):
                return None
            if isinstance(key[name], int) and not -(2**63) <= key[name] < 2**63:
                return None
            if isinstance(key[name], str) and "\x00" in key[name]:
                return None
        return key if key["pk"] is not None else None

    def _field(self, name: str) -> Any:
        """The field that reads a part of a key."""
        if self.sort.expression is not None and name == self.sort.fields[0]:
            return self.queryset.query.annotations[name].output_field
        meta = self.queryset.model._meta
        field: Any = meta.pk if name == "pk" else meta.get_field(name)
        return field.target_field if field.is_relation else field


def _from(rows: QuerySet, source: str, before: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    """The rows of a queryset that reads from somewhere else than its table."""
    connection, compiler = connections[rows.db], rows.query.get_compiler(rows.db)
    table = connection.ops.quote_name(rows.model._meta.db_table)
    sql, own = compiler.as_sql()
    given = (*params, *own)
    sql = f"{before} " + sql.replace(f" FROM {table} ", f"{source} {table} ", 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(compiler.results_iter([cursor.fetchall()]))


def _computed(queryset: QuerySet, sort: Sort) -> QuerySet:
    """The rows with the value they are ordered by, where it is no column."""
    if sort.expression is None:
        return queryset
    return queryset.annotate(**{sort.fields[0]: sort.expression})


def _encode(row: Sequence[Any]) -> str:
    text = json.dumps(row, cls=_Exact, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class _Exact(DjangoJSONEncoder):
    """Keeps the microseconds: a rounded key would skip or repeat rows."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def row_cursor(record: Model, sort: Sort) -> str:
    """The key of a record one holds, to page on from it."""
    if sort.expression is not None:
        rows = _computed(type(record)._base_manager.filter(pk=record.pk), sort)
        return _encode(rows.values_list(*sort.fields, "pk").get())
    fields = [record._meta.get_field(name) for name in sort.fields]
    return _encode([*(getattr(record, f.attname) for f in fields), record.pk])  # type: ignore[union-attr]
