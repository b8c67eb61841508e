"""The frame round every page."""

from __future__ import annotations

import pytest

from tests.browser.conftest import WIDE, Visitor
from tests.browser.test_pages import NARROW

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_number_stands_beside_the_bell_not_on_it(visitor: Visitor, size: dict[str, int]) -> None:
    page = visitor("second", viewport=size)
    page.goto("/notifications/")
    button = page.locator(".shell-tools button:has(.count-dot)")
    number, icon, whole = (
        found.bounding_box() for found in (button.locator(".count-dot"), button.locator("svg"), button)
    )
    assert number is not None
    assert icon is not None
    assert whole is not None
    assert button.locator(".count-dot").inner_text() == "99+"
    assert number["x"] >= icon["x"] + icon["width"]
    assert number["x"] + number["width"] <= whole["x"] + whole["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
