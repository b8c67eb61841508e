"""Nothing is open without log-in but what this file names."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.accounts import UserFactory

# Open pages, by URL name, and why they are open.
OPEN = {
    "account_login": "the log-in itself",
    "account_logout": "asks a visitor for nothing",
    "account_signup": "says that an administrator makes accounts",
    "account_inactive": "says that the account is switched off",
    "account_reset_password": "people who forgot theirs",
    "account_reset_password_done": "people who forgot theirs",
    "account_reset_password_from_key": "people who forgot theirs; the key is the secret",
    "account_reset_password_from_key_done": "people who forgot theirs",
    "account_confirm_login_code": "a step of the log-in",
    "account_email_verification_sent": "a step of the log-in",
    "account_confirm_email": "the key is the secret",
    "mfa_authenticate": "a step of the log-in",
    "mfa_trust": "a step of the log-in",
    "mfa_login_webauthn": "log-in by passkey",
    "accounts:welcome": "makes the first administrator; closed once there is one",
    "accounts:language_update": "a visitor may choose the language",
    "admin:login": "sends to the log-in",
}
# The secret in the address is the permission; each has tests of its own for guessing and revoking.
OPEN_BY_SECRET: dict[str, str] = {
    "accounts:invitation_accept": "a new colleague sets a first password",
    "activities:calendar_feed": "calendar programs cannot log in",
    "deals:public_quote": "a customer reads and answers a quote",
    "deals:public_quote_document": "the same quote as a PDF",
    "deals:public_close_plan": "a customer reads the close plan",
}
EXAMPLES: dict[str, Any] = {
    "IntConverter": 999999,
    "StringConverter": "example",
    "SlugConverter": "example",
    "UUIDConverter": UUID(int=7),
    "PathConverter": "example",
}


def patterns(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, example path) of each URL."""
    for entry in resolver.url_patterns:
        route = prefix + example(entry)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from patterns(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or route}", f"/{route}"


def example(entry: URLPattern | URLResolver) -> str:
    """The entry's part of the path with examples for what varies."""
    route = str(entry.pattern)
    for name, converter in entry.pattern.converters.items():
        value = EXAMPLES.get(type(converter).__name__, "example")
        route = re.sub(rf"<(?:\w+:)?{name}>", str(value), route)
    if hasattr(entry.pattern, "_regex"):  # allauth and the admin still have some
        route = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "example", route)
        route = re.sub(r"^\^|\$$|\\Z|\(\?:.*?\)|[\\^$]", "", route)
    return route


def closed() -> list[tuple[str, str]]:
    """Every URL that must ask for the log-in."""
    allowed = OPEN | OPEN_BY_SECRET
    return [(name, path) for name, path in patterns(get_resolver()) if name not in allowed]


@pytest.mark.django_db
def test_every_other_page_asks_for_the_login() -> None:
    UserFactory()  # without anybody, every page leads to the first-run page
    client = Client(raise_request_exception=False)
    open_pages = []
    for name, path in closed():
        for method in ("get", "post"):
            response = getattr(client, method)(path)
            for _hop in range(3):  # an address of old leads to its new one, which then asks
                target = response.headers.get("Location", "")
                if not target.startswith("/") or "/login/" in target:
                    break
                response = client.get(target)
            to_login = "/login/" in response.headers.get("Location", "")
            if not (to_login or response.status_code in {401, 403, 404, 405}):
                open_pages.append(f"{method} {path} ({name}): {response.status_code}")
            if response.status_code == 404 and not name.startswith("admin:"):
                open_pages.append(f"{method} {path} ({name}) looks for a record before the log-in")
    assert open_pages == []


def test_the_allow_list_names_real_urls() -> None:
    names = {name for name, _path in patterns(get_resolver())}
    optional = {"mfa_trust", "account_signup", "account_confirm_login_code"}
    assert {*OPEN, *OPEN_BY_SECRET} - names - optional == set()


def test_the_walk_finds_the_whole_tree() -> None:
    names = {name for name, _path in patterns(get_resolver())}
    assert {"account_login", "admin:index", "admin:auth_group_changelist"} & names >= {"admin:index"}
    assert len(names) > 40


def test_debug_is_off_in_tests() -> None:
    assert settings.DEBUG is False
