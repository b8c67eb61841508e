"""Every row of the table, tried by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.constants import Role
from tests.permissions.rules import OPEN, Row
from tests.permissions.table import OF_EVERYBODY, TABLE
from tests.permissions.walk import url_names
from tests.permissions.world import ROLES, World

ANSWERS = {403: "no", 404: "none", 405: "no such method"}
ROWS = sorted(name for name in TABLE if name in url_names())


def address(name: str, row: Row, world: World, whose: str) -> tuple[str, dict[str, Any]]:
    """Where the request goes, and what it carries."""
    if "/" in name:
        return f"/{name}", row.data
    kwargs, data, query = dict(row.kwargs), dict(row.data), row.query
    if row.record:
        record = world.record(row.record, whose)
        if row.pk == "card":
            data |= {"card": record.pk, "stage": record.stage_id, "version": record.version}
        elif row.pk == "ids":
            query = f"ids={record.pk}"
        elif row.pk == "first":
            kwargs |= {"first": record.pk, "second": world.twin(whose).pk}
        else:
            kwargs["pk"] = record.pk
    url = reverse(name, kwargs=kwargs)
    return (f"{url}?{query}" if query else url), data


def send(client: Client, method: str, url: str, data: dict[str, Any]) -> HttpResponse:
    if method == "POST":
        return client.post(url, data)
    return client.get(url)


def answer(response: Any) -> str:
    """What a response says about permission, in one word."""
    if response.status_code >= 500:
        return f"broken ({response.status_code})"
    if response.status_code == 302 and "/login/" in response.url:
        return "login"
    if response.streaming:
        b"".join(response.streaming_content)
    return ANSWERS.get(response.status_code, "yes")


@contextmanager
def taken_back() -> Iterator[None]:
    """What one person did must not change what the next one finds."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ROWS)
def test_each_role_gets_what_the_table_says(name: str, world: World) -> None:
    row, wrong = TABLE[name], []
    for whose in row.whose():
        url, data = address(name, row, world, whose)
        for role in ROLES:
            for method in row.methods:
                expected = row.expected(method, role, whose)
                with taken_back():
                    found = answer(send(world.browser(role), method, url, data))
                if row.signs_out and found == "login":
                    found = "yes"
                if found != expected and not (row.rule is OPEN and found == "none"):
                    wrong.append(f"{role} {method}s {whose} record: {found}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize("name", ROWS)
def test_nobody_gets_in_without_signing_in(name: str, world: World) -> None:
    row = TABLE[name]
    url, data = address(name, row, world, "own")
    for method in row.methods:
        with taken_back():
            found = answer(send(world.browser(None), method, url, data))
        if row.rule is OPEN:
            assert found in {"yes", "none"}
        else:
            assert found == "login" or (row.redirects and found == "yes")


@pytest.mark.parametrize("name", ROWS)
def test_acts_are_posts_with_a_token_and_pages_are_not(name: str, world: World) -> None:
    row = TABLE[name]
    url, data = address(name, row, world, "own")
    role = next(role for role in (Role.ADMINISTRATOR, *ROLES) if row.rule.answers[role, "own"] == "yes")
    with taken_back():
        if "POST" in row.methods:
            strict = world.browser(role, enforce_csrf_checks=True)
            assert strict.post(url, data).status_code == 403
        elif not row.redirects:
            assert world.browser(role).post(url, data).status_code == 405
        if "GET" not in row.methods:
            assert world.browser(role).get(url).status_code == 405


@pytest.mark.parametrize("name", sorted(OF_EVERYBODY))
def test_pages_of_the_login_package_ask_who_one_is(name: str, world: World) -> None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        url = reverse(name, args=[1])
    with taken_back():
        stranger = world.browser(None).get(url, follow=True)
        assert "/login/" in stranger.redirect_chain[-1][0]
        for role in ROLES:
            assert answer(world.browser(role).get(url)) in {"yes", "none", "no such method"}


def admin_pages() -> list[str]:
    """The admin's pages that need no record."""
    names = [name for name in url_names() if name.startswith("admin:")]
    return sorted(n for n in names if n.endswith(("_changelist", "_add")) or n == "admin:index")


def test_the_admin_is_for_administrators(world: World) -> None:
    wrong = []
    for name in admin_pages():
        url = reverse(name)
        for role in (None, *ROLES):
            found = world.browser(role).get(url, follow=False)
            if role == Role.ADMINISTRATOR:
                good = found.status_code == 200 or (name.endswith("_add") and found.status_code == 403)
            else:
                good = found.status_code in {302, 403, 404}
            if not good:
                wrong.append(f"{name} as {role}: {found.status_code}")
    assert wrong == []
