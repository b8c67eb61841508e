"""No personal data and no secret reaches the log."""

import io
import logging
from collections.abc import Iterator

import pytest

from core.logging import PrivateDataFilter, scrub


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("user li.wei+crm@example.com.cn logged in", "user *** logged in"),
        ('"GET /customers/?q=Li%20Wei&token=abc HTTP/1.1" 200', '"GET /customers/?*** HTTP/1.1" 200'),
        ("redis://:hunter2@cache:6379/0 refused", "redis://***@cache:6379/0 refused"),
        ("postgres://crm:hunter2@db/crm", "postgres://***@db/crm"),
        ("password=hunter2, next", "password=***, next"),
        ("{'api_token': 'abc123'}", "{'api_token': ***}"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("Not Found: /calendar/Zk3_x9QpL2mN8vB4tR7w.ics", "Not Found: /calendar/***.ics"),
        ("reset /accounts/password/reset/key/1-c9v1x2-0123456789abcdef0123456789abcdef/ x",
         "reset /accounts/password/reset/key/***/ x"),
        ("Not Found: /invitation/MTc:1tQx2Z:Zk3_x9QpL2mN8vB4tR7w/", "Not Found: /invitation/***/"),
        ("Not Found: /customers/123456/edit/", "Not Found: /customers/123456/edit/"),
        ("Key (email)=(li@example.com) already exists", "Key (email)=(***) already exists"),
        ("DETAIL:  Failing row contains (7, Li Wei, +86 138).", "***"),
        ("job 17 (customers.import) failed", "job 17 (customers.import) failed"),
    ],
)  # fmt: skip
def test_scrub(text: str, expected: str) -> None:
    assert scrub(text) == expected


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger behind the filter and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(PrivateDataFilter())
    logger = logging.getLogger("tests.private")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


def test_arguments_are_scrubbed(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("mail to %s failed %d times", "li@example.com", 3)
    assert stream.getvalue() == "mail to *** failed 3 times\n"


def test_tracebacks_are_scrubbed(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    try:
        raise ValueError("no such person: li@example.com")
    except ValueError:
        logger.exception("failed")
    assert "ValueError: no such person: ***" in stream.getvalue()
    assert "example.com" not in stream.getvalue()


def test_a_long_line_takes_no_long_time() -> None:
    import time

    started = time.perf_counter()
    scrub("a" * 200_000 + "@" + "b." * 50_000 + " password" * 5_000)
    assert time.perf_counter() - started < 2
