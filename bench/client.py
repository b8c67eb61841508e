"""Sends requests one after the other and times them."""

from __future__ import annotations

import gzip
import statistics
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from bench.headers import ANSWER, ASK

FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    @property
    def html(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    @property
    def queries(self) -> int:
        return int(self.headers.get(ANSWER.lower(), -1))


@dataclass
class Visitor:
    """One person's browser: keeps the connection and the cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection | None = None

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, values: list[tuple[str, str]], **headers: str) -> Answer:
        return self.ask("POST", path, urlencode(values).encode(), {"Content-Type": FORM} | headers)

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en"} | headers
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for again in (True, False):
            connection = self.connection or HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection = connection
            try:
                return self._ask(connection, method, path, body, sent)
            except (HTTPException, ConnectionError):
                # The server closed a connection it had kept: not the page's fault, ask again.
                self.connection = None
                if not again:
                    raise
        raise AssertionError

    def _ask(self, connection: HTTPConnection, method: str, path: str, body: Any, headers: Any) -> Answer:
        started = time.perf_counter()
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _sep, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, content, seconds)

    def counted(self, path: str, **headers: str) -> Answer:
        """The page with its number of SQL queries in the answer."""
        return self.get(path, **headers, **{ASK: "1"})


@dataclass(frozen=True)
class Times:
    """Milliseconds of many requests."""

    median: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: list[float]) -> Times:
        found = sorted(seconds)
        p95 = found[min(len(found) - 1, round(0.95 * len(found)))]
        return cls(round(1000 * statistics.median(found), 2), round(1000 * p95, 2), len(found))


class Form(HTMLParser):
    """What a browser would send of the form that holds a field."""

    def __init__(self, html: str, holding: str) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str]]] = []
        self.actions: list[str] = []
        self.select: str | None = None
        self.area: str | None = None
        self.feed(html)
        fitting = [n for n, form in enumerate(self.forms) if any(name == holding for name, _value in form)]
        if not fitting:
            raise LookupError(f"no form with a field {holding!r}")
        self.values = self.forms[fitting[-1]]
        self.action = self.actions[fitting[-1]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "form":
            self.forms.append([])
            self.actions.append(found.get("action") or "")
        elif not self.forms:
            return
        elif tag == "input" and name:
            self._input(name, found)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.forms[-1].append((self.select, found.get("value") or ""))
        elif tag == "textarea" and name:
            self.forms[-1].append((name, ""))

    def _input(self, name: str, found: dict[str, str | None]) -> None:
        kind = found.get("type") or "text"
        if kind in ("checkbox", "radio") and "checked" not in found:
            return
        if kind not in ("submit", "button", "file", "image"):
            self.forms[-1].append((name, found.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None

    def filled(self, **values: str) -> list[tuple[str, str]]:
        """The values with some of them changed."""
        kept = [(name, value) for name, value in self.values if name not in values]
        return [*kept, *values.items()]
