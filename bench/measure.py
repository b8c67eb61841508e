"""Measures the pages of one database on one server."""

from __future__ import annotations

from itertools import count
from typing import Any

from bench.client import Answer, Form, Times, Visitor
from bench.headers import ASK, FLOOR
from bench.pages import ADMINISTRATOR, DEEP_PAGE, PAGE_SIZE, PAGES, SALES, Page

WARM_UP = 6  # both workers have seen the page
REQUESTS = 40
Result = dict[str, Any]
_numbers = count(1)


class Measurement:
    """All pages as both roles, each request of a page followed by one of the floor."""

    def __init__(self, port: int, facts: dict[str, Any], only: set[str]) -> None:
        self.port, self.facts, self.only = port, facts, only
        self.nobody = Visitor(port)

    def run(self) -> list[Result]:
        results = [self._floor()]
        for role in (SALES, ADMINISTRATOR):
            session = self.facts["people"][role]
            visitor = Visitor(self.port, {session["name"]: session["key"]})
            for page in PAGES:
                if self.only and page.key not in self.only:
                    continue
                results.append(self._page(page, role, visitor))
        return results

    def _floor(self) -> Result:
        times = [self.nobody.get(FLOOR).seconds for _ in range(WARM_UP + REQUESTS)][WARM_UP:]
        found = self.nobody.counted(FLOOR)
        return _result("floor", "Floor", "nobody", Times.of(times), found)

    def _page(self, page: Page, role: str, visitor: Visitor) -> Result:
        path = self.facts["urls"].get(page.url)
        base = {"page": page.key, "label": page.label, "role": role, "goal": page.goal}
        if path is None:
            return base | {"error": "there is no such page"}
        path += f"?{page.query}" if page.query else ""
        if page.deep:
            path, note = self._deepest(visitor, path)
            base |= {"note": note} if note else {}
        try:
            send = self._saver(visitor, path) if page.post else (lambda: visitor.get(path, **_headers(page)))
            first = send()
        except LookupError as error:
            return base | {"error": str(error)}
        if first.status not in ((302, 303) if page.post else (200,)):
            return base | {"error": f"answered {first.status}"}
        times, floors = [], []
        for turn in range(WARM_UP + REQUESTS):
            answer, floor = send(), self.nobody.get(FLOOR)
            if turn >= WARM_UP:
                times.append(answer.seconds)
                floors.append(floor.seconds)
        counted = self._count_saving(visitor, path) if page.post else visitor.counted(path, **_headers(page))
        found = _result(page.key, page.label, role, Times.of(times), counted)
        floor_times = Times.of(floors)
        found |= base | {"floor": floor_times.median, "ratio": round(found["median"] / floor_times.median, 2)}
        return found

    def _deepest(self, visitor: Visitor, path: str) -> tuple[str, str]:
        """Page 500, or the last one where the person sees fewer rows."""
        answer = visitor.get(path)
        if answer.html.count(b"<tr data-row") == PAGE_SIZE:
            return path, ""
        return path.replace(f"page={DEEP_PAGE}", "last=1"), "fewer than 500 pages: the last one"

    def _saver(self, visitor: Visitor, path: str) -> Any:
        form = Form(visitor.get(path).html.decode(), "name")
        return lambda: visitor.post(path, form.filled(name=f"Benchmark Newcomer {next(_numbers)}"))

    def _count_saving(self, visitor: Visitor, path: str) -> Answer:
        form = Form(visitor.get(path).html.decode(), "name")
        return visitor.post(path, form.filled(name=f"Benchmark Newcomer {next(_numbers)}"), **{ASK: "1"})


def _headers(page: Page) -> dict[str, str]:
    return {"HX-Request": "true"} if page.htmx else {}


def _result(key: str, label: str, role: str, times: Times, counted: Answer) -> Result:
    return {
        "page": key,
        "label": label,
        "role": role,
        "median": times.median,
        "p95": times.p95,
        "requests": times.count,
        "queries": counted.queries,
        "html": len(counted.html),
        "sent": len(counted.body),
    }
