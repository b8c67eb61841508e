"""An empty copy leads to the first administrator, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import WIDE
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def empty_site() -> Iterator[Site]:
    site = Site(seeded=False)
    yield site
    site.stop()


def test_first_administrator(browser: Browser, empty_site: Site) -> None:
    context = browser.new_context(base_url=empty_site.url, viewport=WIDE, locale="en-GB")
    page = context.new_page()
    page.goto("/")
    expect(page).to_have_url(f"{empty_site.url}/welcome/")
    values = {"name": "Ada First", "email": "ada@example.com", "password": "a long first password"}
    for name, value in {**values, "repeat": values["password"], "organisation": "Acme"}.items():
        field = page.locator(f"input[name={name}]")
        if field.count():
            field.fill(value)
    page.locator("form:has(input[name=email]) button.btn-primary").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    page.goto("/customers/")
    expect(page.get_by_role("main")).to_contain_text("No customers yet")
    assert page.goto("/welcome/").status == 404  # type: ignore[union-attr]
    context.close()
