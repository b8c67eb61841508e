"""Counts the SQL statements of a request that asks for it; costs nothing otherwise."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from bench.headers import ANSWER, ASK, FLOOR

#: Opening a transaction is no query of the page.
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class QueryCountMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if ASK not in request.headers:
            return self.get_response(request)
        queries: list[str] = []

        def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.lstrip().upper().startswith(BOOKKEEPING):
                queries.append(sql)
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(note))
            response = self.get_response(request)
        response[ANSWER] = str(len(queries))
        return response


class FloorMiddleware:
    """Answers the floor page before sessions, log-in and the rest begin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == FLOOR:
            from bench.floor import floor

            return floor(request)
        return self.get_response(request)
