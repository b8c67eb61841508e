"""The list: filters, columns, saved views, bulk acts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press

pytestmark = pytest.mark.browser


def test_filter_and_columns(visitor: Visitor) -> None:
    page = visitor("sales")
    page.goto("/customers/?q=bulk")
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_role("link", name="Columns").click()
    panel = page.get_by_role("form", name="Columns")
    panel.get_by_label("City", exact=True).check()
    panel.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()
    expect(page.get_by_role("rowheader")).to_have_count(3)
    page.get_by_role("link", name="Filters").click()
    page.locator("#filters [name=city]").first.wait_for(state="attached")
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()


def test_saved_view(visitor: Visitor) -> None:
    page = visitor("sales")
    page.goto("/customers/?q=bulk&sort=-name")
    page.get_by_role("link", name=re.compile("Save as")).click()
    page.get_by_role("main").get_by_label("Name").fill("Bulk only")
    page.get_by_role("main").get_by_role("button", name="Save").click()
    expect(page.get_by_role("main")).to_contain_text("Bulk only")
    expect(page.get_by_role("rowheader").first).to_contain_text("Bulk Gamma")
    expect(page.get_by_role("link", name=re.compile("Save as"))).to_have_count(0)


def test_bulk_edit_and_undo(visitor: Visitor) -> None:
    page = visitor("sales")
    page.goto("/customers/?q=bulk&columns=name,industry")
    page.get_by_role("checkbox", name="Select Bulk Alpha").check()
    page.get_by_role("checkbox", name="Select Bulk Beta").check()
    page.locator("button[form=bulk][value=edit]").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("2")
    page.locator("main [name=industry]").fill("Robotics")
    press(main.locator("button.btn-primary").last)
    page.goto("/customers/?q=bulk&columns=name,industry")
    expect(page.get_by_role("cell", name="Robotics")).to_have_count(2)
    page.goto("/history/")
    press(page.get_by_role("main").get_by_role("button", name="Undo").first)
    page.goto("/customers/?q=bulk&columns=name,industry")
    expect(page.get_by_role("cell", name="Robotics")).to_have_count(0)
