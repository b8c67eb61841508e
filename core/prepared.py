"""Queries of every page, worded once per process.

The ORM needs longer to word a small query than the database to answer it. A query that differs from
page to page only in numbers and texts is worded once; each call fills them in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connections
from django.db.models import QuerySet


class Prepared:
    """`names_of = Prepared(lambda user: Row.objects.filter(user=user).values_list("name"), int)`, then
    `names_of(user.pk)`: the rows as tuples. The values must not decide how the query is worded."""

    def __init__(self, build: Callable[..., QuerySet], *kinds: type[int] | type[str]) -> None:
        self.build = build
        # Values no page asks for: they mark the places of the real ones.
        self.marks = [918_273_600 + n if kind is int else f"<place {n}>" for n, kind in enumerate(kinds)]
        self._worded: tuple[str, str, list[Any], list[tuple[int, Any, Any]]] | None = None

    def __call__(self, *values: int | str) -> list[Any]:
        using, sql, params, converters = self._worded or self._word()
        places = dict(zip(self.marks, values, strict=True))
        connection = connections[using]
        with connection.cursor() as cursor:
            cursor.execute(sql, [places.get(param, param) for param in params])
            found = cursor.fetchall()
        if not converters:
            return found
        rows = list(map(list, found))
        for row in rows:
            for position, expression, functions in converters:
                for function in functions:
                    row[position] = function(row[position], expression, connection)
        return rows

    def _word(self) -> tuple[str, str, list[Any], list[tuple[int, Any, Any]]]:
        queryset = self.build(*self.marks)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([item[0] for item in compiler.select or ()])
        converters = [
            (position, expression, functions) for position, (functions, expression) in found.items()
        ]
        self._worded = (queryset.db, sql, list(params), converters)
        return self._worded
