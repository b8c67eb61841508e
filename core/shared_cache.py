"""The shared cache, asked once per request.

Some values are read on every page, from several places: the organisation, the rules of visibility.
Within a request each is read once, and the first reading fetches all of them in one trip. What one
request writes or deletes it also sees. Outside a request every reading asks the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

Memory = dict[str, Any]

_memory: ContextVar[Memory | None] = ContextVar("request memory", default=None)
_on_every_page: set[str] = set()


class RequestMemoryMiddleware:
    """A memory for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _memory.set({})
        try:
            return self.get_response(request)
        finally:
            _memory.reset(token)


def read_on_every_page(*keys: str) -> None:
    """These keys travel together; called when the module that owns them is imported."""
    _on_every_page.update(keys)


def get(key: str) -> Any:
    """The value, None if there is none."""
    return get_many([key])[key]


def get_many(keys: Iterable[str]) -> dict[str, Any]:
    """The values by key, None where there is none."""
    keys = list(keys)
    memory = _memory.get()
    if memory is None:
        found = cache.get_many(keys)
        return {key: found.get(key) for key in keys}
    missing = [key for key in keys if key not in memory]
    if missing:
        if not memory:
            missing = [*{*missing, *_on_every_page}]
        found = cache.get_many(missing)
        memory.update({key: found.get(key) for key in missing})
    return {key: memory[key] for key in keys}


def set(key: str, value: Any, seconds: float | None) -> None:  # noqa: A001  # the cache's own verbs
    """Keep a value for everybody."""
    cache.set(key, value, seconds)
    _note(key, value)


def get_or_set(key: str, value: Any) -> Any:
    """The value, or this one from now on where there is none; of two who ask, one is told."""
    found = cache.get_or_set(key, value, None)
    _note(key, found)
    return found


def delete(key: str) -> None:
    """Forget a value."""
    cache.delete(key)
    _note(key, None)


def _note(key: str, value: Any) -> None:
    memory = _memory.get()
    if memory is not None:
        memory[key] = value
