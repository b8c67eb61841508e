"""Theme and language are one click away and stay."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import WIDE, Visitor, press, sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_theme(visitor: Visitor) -> None:
    page = visitor("second", color_scheme="light")
    page.goto("/profile/")
    page.locator("main [name=theme]").first.wait_for(state="attached")
    page.locator("main select[name=theme], main input[name=theme][value=dark]").first.evaluate(
        "(field) => { if (field.tagName === 'SELECT') field.value = 'dark'; else field.checked = true; }"
    )
    press(page.get_by_role("main").get_by_role("button", name="Save").first)
    page.goto("/tasks/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_language(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, viewport=WIDE, locale="en-GB")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_role("button", name=re.compile("中文")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.goto("/accounts/password/reset/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    sign_in(page, site.facts["people"]["administrator"], site.facts["password"])
    expect(page.locator("html")).to_have_attribute("lang", "en")  # a person's own choice wins
    context.close()
