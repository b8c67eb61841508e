"""Chromium once, the product once, a fresh browser context for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.browser.site import Site

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
WIDE = {"width": 1440, "height": 900}
Visitor = Callable[..., Page]
expect.set_options(timeout=15_000)  # a busy machine is slow, not broken


@pytest.fixture(scope="session", autouse=True)
def synchronous() -> Iterator[None]:
    """Playwright keeps an event loop in this thread; Django's own calls here are synchronous."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    running = Site(seeded=True)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site) -> dict[str, Any]:
    """The cookies of each person, who signed in by the form once."""
    found: dict[str, Any] = {}
    for key, email in site.facts["people"].items():
        context = browser.new_context(base_url=site.url)
        sign_in(context.new_page(), email, site.facts["password"])
        found[key] = context.storage_state()
        context.close()
    return found


def sign_in(page: Page, email: str, password: str) -> None:
    """Fill in the log-in form."""
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.fixture
def visitor(browser: Browser, site: Site, signed_in: dict[str, Any]) -> Iterator[Visitor]:
    """`visitor("sales")` is a page of a person's own browser; its errors fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(who: str = "sales", **options: Any) -> Page:
        fixed = {"base_url": site.url, "viewport": WIDE, "reduced_motion": "reduce"}
        options = {**fixed, "storage_state": signed_in[who], **options}
        context = browser.new_context(**options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, problems)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


def press(button: Locator) -> None:
    """Click what sends a form, and go on when the server has answered; leaving the page earlier may
    cancel the request."""
    with button.page.expect_response(lambda response: response.request.method == "POST"):
        button.click()
    button.page.wait_for_load_state()


def watch(page: Page, problems: list[str]) -> None:
    """Collect what the console and the server complain about."""

    def on_console(message: Any) -> None:
        # 404, 409 and 422 are answers; Chromium logs them as errors.
        expected = any(f"status of {code}" in message.text for code in (404, 409, 422))
        if message.type == "error" and not expected:
            problems.append(f"console: {message.text} at {page.url}")

    def on_response(response: Any) -> None:
        if response.status >= 500:
            problems.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: problems.append(f"script: {error} at {page.url}"))
    page.on("response", on_response)
