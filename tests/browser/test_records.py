"""Record pages: edit in place, two people at once, the board by keyboard, trash."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_inline_edit(visitor: Visitor, site: Site) -> None:
    page = visitor("sales")
    page.goto(f"/customers/{site.facts['records']['Inline Works']}/")
    page.get_by_role("link", name="Edit: Address").click()
    card = page.get_by_role("region", name="Address")
    card.get_by_label("City").fill("Manchester")
    card.get_by_role("button", name="Save").click()
    expect(card.get_by_text("Manchester")).to_be_visible()
    page.reload()
    expect(page.get_by_role("region", name="Address")).to_contain_text("Manchester")


def test_two_people_edit_one_record(visitor: Visitor, site: Site) -> None:
    path = f"/customers/{site.facts['records']['Conflict Partners']}/edit/"
    first, second = visitor("sales"), visitor("administrator")
    first.goto(path)
    second.goto(path)
    first.locator("main [name=city]").fill("Oslo")
    first.get_by_role("button", name="Save").first.click()
    expect(first.get_by_role("main")).to_contain_text("Oslo")
    second.locator("main [name=city]").fill("Rome")
    second.locator("main [name=industry]").fill("Wine")
    second.get_by_role("button", name="Save").first.click()
    main = second.get_by_role("main")
    for text in ("Oslo", "Rome", "Leeds"):
        expect(main).to_contain_text(text)
    second.locator("input[name=choice-city][value=yours]").check()
    main.locator("button[type=submit].btn-primary, button.btn-primary").last.click()
    expect(second.get_by_role("main")).to_contain_text("Rome")
    expect(second.get_by_role("main")).to_contain_text("Wine")


def test_board_by_keyboard(visitor: Visitor) -> None:
    page = visitor("sales")
    page.goto("/customers/board/?q=Board+Logistics")
    page.get_by_role("button", name="Lift Board Logistics").press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-announce]")).to_contain_text("Board Logistics")
    page.reload()
    column = page.locator("[data-stage]").nth(1)
    expect(column).to_contain_text("Board Logistics")


def test_delete_undo_and_restore(visitor: Visitor, site: Site) -> None:
    page = visitor("sales")
    path = f"/customers/{site.facts['records']['Trash Traders']}/"
    page.goto(path + "delete/")
    press(page.get_by_role("button", name="Move to the trash"))
    toast = page.locator("[data-toast]", has_text="Trash Traders")
    press(toast.get_by_role("button", name="Undo"))
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trash Traders")
    page.goto(path + "delete/")
    press(page.get_by_role("button", name="Move to the trash"))
    page.goto("/trash/?kind=customers")
    row = page.locator("tr, li", has_text="Trash Traders").last
    row.get_by_role("button", name=re.compile("Restore|Bring back|Put back")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Trash Traders")


def test_stage_path(visitor: Visitor, site: Site) -> None:
    page = visitor("sales")
    page.goto(f"/customers/{site.facts['records']['Stage Optics']}/")
    page.get_by_role("button", name="Qualified (move here)").click()
    expect(page.get_by_role("button", name=re.compile(r"Lead \(passed"))).to_be_visible()
