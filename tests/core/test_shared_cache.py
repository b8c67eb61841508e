"""The shared cache is asked once per request; what a request writes it also sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core import shared_cache


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


def in_a_request(act: Callable[[], Any]) -> Any:
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(act())
        return HttpResponse()

    shared_cache.RequestMemoryMiddleware(view)(HttpRequest())
    return found[0]


def test_a_request_sees_one_state_and_the_next_one_the_new() -> None:
    cache.set("word", "old")

    def act() -> list[Any]:
        first = shared_cache.get("word")
        cache.set("word", "new")  # by another process
        return [first, shared_cache.get("word")]

    assert in_a_request(act) == ["old", "old"]
    assert in_a_request(lambda: shared_cache.get("word")) == "new"


def test_a_request_sees_what_it_wrote_and_deleted() -> None:
    def act() -> list[Any]:
        seen = [shared_cache.get("word")]
        shared_cache.set("word", 1, 60)
        seen.append(shared_cache.get("word"))
        shared_cache.delete("word")
        seen += [shared_cache.get("word"), shared_cache.get_or_set("word", 2), shared_cache.get("word")]
        return seen

    assert in_a_request(act) == [None, 1, None, 2, 2]
    assert cache.get("word") == 2


def test_outside_a_request_nothing_is_remembered() -> None:
    cache.set("word", "old")
    assert shared_cache.get("word") == "old"
    cache.set("word", "new")
    assert shared_cache.get_many(["word", "none"]) == {"word": "new", "none": None}
