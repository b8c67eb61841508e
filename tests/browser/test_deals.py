"""A deal from first talk to the end: made from a customer, moved, lost, taken back, won."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor, press
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_a_deal_from_the_first_talk_to_won(visitor: Visitor, site: Site) -> None:
    page = visitor("sales")
    page.goto(f"/customers/{site.facts['records']['Deal Dynamics']}/")
    page.locator("#panel-deals").get_by_role("link", name="New deal").click()
    page.locator("main [name=name]").fill("Heat pump")
    page.locator("main [name=amount]").fill("12500")
    press(page.get_by_role("button", name="Create"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Heat pump")
    expect(page.get_by_role("main")).to_contain_text("Deal Dynamics")
    # Along the path
    press(page.get_by_role("button", name="Qualified (move here)"))
    expect(page.get_by_role("button", name=re.compile(r"Lead-in \(passed"))).to_be_visible()
    # Lost, with the reason
    page.get_by_role("link", name="Lose…").click()
    page.get_by_label("Why was it lost?").select_option(label="No response")
    page.get_by_label("What happened?").fill("Silence")
    press(page.get_by_role("button", name="Move", exact=True))
    expect(page.get_by_role("main")).to_contain_text("Silence")
    # Taken back
    toast = page.locator("[data-toast]", has_text="Heat pump is lost.")
    press(toast.get_by_role("button", name="Undo"))
    page.goto("/deals/?q=heat+pump")
    page.get_by_role("link", name="Heat pump").click()
    expect(page.get_by_role("link", name="Lose…")).to_be_visible()
    # Logged with what comes next, told in the highlights at once
    composer = page.locator("#composer")
    composer.locator("[name=subject]").fill("They called back")
    composer.locator("[name=next_title]").fill("Send the contract")
    composer.locator("[name=next_due_on]").fill("2030-05-06")
    composer.get_by_role("button", name="Log it").click()
    expect(page.locator("#history")).to_contain_text("They called back")
    expect(page.locator("#highlights")).to_contain_text("Send the contract")
    # Won
    page.get_by_role("button", name="Win", exact=True).click()
    expect(page.locator("[data-toast]", has_text="Heat pump is won.")).to_be_visible()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
