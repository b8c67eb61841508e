"""The board of a pipeline: by keyboard, pointer and menu, with questions, and two people at one card."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor, press
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def opened(page: Page, name: str) -> Any:
    """The board with one deal on it; gives its card."""
    page.goto(f"/deals/board/?q={name.replace(' ', '+')}")
    return page.locator("[data-card]", has_text=name)


def column(page: Page, name: str) -> Any:
    return page.locator(f"[data-stage][data-label='{name}']")


def test_by_keyboard_the_card_goes_back_and_the_stage_asks(visitor: Visitor) -> None:
    page = visitor("sales")
    opened(page, "Keyboard deal")
    page.get_by_role("button", name="Lift Keyboard deal").press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-announce]")).to_have_text("Over Qualified")
    page.keyboard.press("Enter")
    # Nobody is its customer yet, and the stage asks for one.
    expect(page.locator("[data-announce]")).to_have_text("Keyboard deal is back where it was")
    expect(page.get_by_role("dialog", name="Keyboard deal: Qualified")).to_be_visible()
    page.keyboard.press("Escape")
    expect(column(page, "Lead-in")).to_contain_text("Keyboard deal")


def test_by_menu_sums_follow_and_undo_takes_it_back(visitor: Visitor) -> None:
    page = visitor("sales")
    card = opened(page, "Menu deal")
    expect(column(page, "Lead-in").locator("header")).to_contain_text("€1,000 · €100 weighted")
    card.get_by_role("link", name="Move Menu deal").click()
    page.locator("[data-menu]").get_by_role("button", name="Won").click()
    expect(page.locator("[data-announce]")).to_have_text("Menu deal moved to Won")
    expect(column(page, "Won").locator("header")).to_contain_text("€1,000")
    expect(column(page, "Lead-in").locator("[data-count]")).to_have_text("0")
    toast = page.locator("[data-toast]", has_text="Menu deal is now in Won.")
    press(toast.get_by_role("button", name="Undo"))
    opened(page, "Menu deal")
    expect(column(page, "Lead-in")).to_contain_text("Menu deal")


def test_dropped_on_lost_it_asks_why(visitor: Visitor) -> None:
    page = visitor("sales")
    page.set_viewport_size({"width": 2400, "height": 900})
    card, lost = opened(page, "Pointer deal"), column(page, "Lost")
    box, target = card.bounding_box(), lost.bounding_box()
    page.mouse.move(box["x"] + 90, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + 60, target["y"] + 120, steps=8)
    page.mouse.up()
    dialog = page.get_by_role("dialog", name="Pointer deal: Lost")
    dialog.get_by_label("Why was it lost?").select_option(label="Other")
    press(dialog.get_by_role("button", name="Move", exact=True))
    expect(page.get_by_role("main")).to_contain_text("This reason needs a note")
    page.get_by_label("What happened?").fill("Their board was replaced")
    press(page.get_by_role("button", name="Move", exact=True))
    expect(page).to_have_url(re.compile("/deals/board/"))
    expect(column(page, "Lost")).to_contain_text("Pointer deal")


def test_a_stage_asks_for_just_what_is_missing(visitor: Visitor) -> None:
    page = visitor("sales")
    opened(page, "Asked deal").get_by_role("link", name="Move Asked deal").click()
    page.locator("[data-menu]").get_by_role("button", name="Won").click()
    dialog = page.get_by_role("dialog", name="Asked deal: Won")
    dialog.locator("[name=amount]").fill("750")
    press(dialog.get_by_role("button", name="Move", exact=True))
    expect(column(page, "Won")).to_contain_text("€750")


def test_two_people_move_one_card(visitor: Visitor, site: Site) -> None:
    first, second = visitor("sales"), visitor("administrator")
    cards = [opened(page, "Contested deal") for page in (first, second)]
    cards[0].get_by_role("link", name="Move Contested deal").click()
    first.locator("[data-menu]").get_by_role("button", name="Won").click()
    expect(first.locator("[data-announce]")).to_have_text("Contested deal moved to Won")
    cards[1].get_by_role("link", name="Move Contested deal").click()
    second.locator("[data-menu]").get_by_role("button", name="Negotiation").click()
    told = "Somebody else changed Contested deal meanwhile; it is in Won. Reload the page."
    expect(second.locator("[data-toast]", has_text=told)).to_be_visible()
    expect(second.locator("[data-announce]")).to_have_text("Contested deal is back where it was")
    second.reload()
    expect(column(second, "Won")).to_contain_text("Contested deal")


def test_without_script_and_on_a_phone(browser: Browser, site: Site, signed_in: dict[str, Any]) -> None:
    context = browser.new_context(
        base_url=site.url, storage_state=signed_in["sales"], java_script_enabled=False,
        viewport={"width": 390, "height": 844},
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"/deals/{site.facts['records']['deal']}/place/")
    page.get_by_role("button", name="Lost").click()
    expect(page.get_by_label("Why was it lost?")).to_be_visible()
    page.goto("/deals/board/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
