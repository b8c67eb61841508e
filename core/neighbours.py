"""The records before and after one in the list somebody came from: two small queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse

from core.lists import ListState, find
from core.paging import Pager, row_cursor

LONGEST = 4000


@dataclass(frozen=True)
class Neighbours:
    """Addresses for the header of a record page; "" at the ends of the list."""

    previous: str = ""
    next: str = ""
    back: str = ""


def neighbours(request: HttpRequest, record: Any, spec_key: str) -> Neighbours:
    """Where the list went on. `?from=` carries the list's query; else the page one came from tells."""
    spec = find(spec_key)
    query = _list_query(request, spec.url) if spec else None
    if spec is None or query is None:
        return Neighbours()
    state = ListState(spec, request.user, QueryDict(query))
    _key, sort, descending = state.order
    # Not `state.ordered`: that would count the list first, and two rows need no count.
    pager = Pager(state.queryset, sort, descending=descending)
    cursor = row_cursor(record, sort)
    before, after = pager.before(cursor, 1), pager.after(cursor, 1)

    def address(pks: list[int]) -> str:
        if not pks:
            return ""
        url = type(record)(pk=pks[0]).get_absolute_url()
        return f"{url}?{urlencode({'from': query})}"

    return Neighbours(
        previous=address(before.pks if before else []),
        next=address(after.pks if after else []),
        back=f"{reverse(spec.url)}?{query}" if query else reverse(spec.url),
    )


def _list_query(request: HttpRequest, url_name: str) -> str | None:
    if "from" in request.GET:
        return request.GET["from"][:LONGEST]
    came = urlsplit(request.headers.get("Referer", "")[:LONGEST])
    try:
        listed = reverse(url_name)
    except NoReverseMatch:
        return None
    same_site = came.netloc == request.get_host()
    return came.query if same_site and came.path == listed else None
