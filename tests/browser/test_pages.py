"""Every main page: accessible, within its width and its weight, without complaints.

Each page is opened in English and in Chinese, and looked at light and dark, wide and narrow.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import WIDE, Visitor
from tests.browser.pages import OPEN_PAGES, PAGES
from tests.browser.site import Site

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}
MOST_HTML = 60_000
MOST_IN_ALL = 250_000
AXE = Axe()
#: Colours that are still changing would be measured half-way.
SETTLED = "() => Promise.allSettled(document.getAnimations().map((one) => one.finished))"
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(name: str, visitor: Visitor, site: Site) -> None:
    url = PAGES[name].format(**site.facts["records"])
    problems = []
    for who, language in (("administrator", "en"), ("administrator_zh", "zh-hans")):
        page = visitor(who, color_scheme="light")
        problems += [f"{language}: {problem}" for problem in look(page, url, language)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_open_page_is_sound(name: str, visitor: Visitor) -> None:
    problems = []
    for language in ("en", "zh-hans"):
        page = visitor(storage_state=None, locale="zh-CN" if language != "en" else "en-GB")
        problems += [f"{language}: {problem}" for problem in look(page, OPEN_PAGES[name], language)]
    assert not problems, "\n".join(problems)


def look(page: Page, url: str, language: str) -> list[str]:
    """What is wrong with a page."""
    weights: list[Any] = []
    page.on("requestfinished", lambda request: weights.append(request))
    response = page.goto(url, wait_until="networkidle")
    assert response is not None
    problems = weigh(response, weights)
    if page.locator("html").get_attribute("lang") != language:
        problems.append("is in another language")
    for width in (WIDE, NARROW):
        page.set_viewport_size(width)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            problems += [f"{width['width']} px, {scheme}: {found}" for found in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > NARROW["width"]:
        problems.append(f"scrolls sideways on a phone: {wide} px")
    return problems


def weigh(response: Any, requests: list[Any]) -> list[str]:
    html = len(response.body())
    total = sum(request.sizes()["responseBodySize"] for request in requests)
    found = [f"{html} bytes of HTML"] if html > MOST_HTML else []
    return found + ([f"{total} bytes in all"] if total > MOST_IN_ALL else [])


def violations(page: Page) -> list[str]:
    """What axe finds, in one line for each rule."""
    found = AXE.run(page, options=OPTIONS).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]} (and {len(v['nodes']) - 1} more)" for v in found]
