"""Colleagues are added to a record by searching for them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_collaborators_are_searched_for_and_taken_off(visitor: Visitor, site: Site) -> None:
    page = visitor("sales")
    page.goto("/customers/new/")
    page.get_by_label("Name", exact=True).fill("Shared Shoes")
    search = page.get_by_role("combobox", name="Collaborators")
    found = page.get_by_role("listbox", name="Collaborators")
    for typed, name in (("sue", "Sue Second"), ("管理", "管理员"), ("ada", "Ada Admin")):
        search.fill(typed)
        expect(found.get_by_role("option", name=name)).to_be_visible()
        search.press("Enter")
        expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    search.fill("sue")
    expect(found.get_by_role("option")).to_have_text(["Nothing found"])
    page.get_by_role("button", name="Remove 管理员").click()
    search.press("Backspace")
    expect(page.locator(".combo-tags .chip-text")).to_have_text(["Ada Admin"])
    press(page.get_by_role("button", name="Create", exact=True))
    expect(page.get_by_role("heading", name="Shared Shoes")).to_be_visible()
    expect(page.locator("#card-facts-relationship")).to_contain_text("Ada Admin")
    expect(page.locator("#card-facts-relationship")).not_to_contain_text("Sue Second")
