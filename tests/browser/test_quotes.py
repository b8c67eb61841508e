"""From products to an accepted quote in a browser: the line editor, and the customer's page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.site import Site
from tests.browser.test_pages import look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_a_customer_is_sound(language: str, visitor: Visitor, site: Site) -> None:
    page = visitor(storage_state=None)
    assert look(page, f"/q/{site.facts['records'][f'public {language}']}/", language) == []


def test_lines_are_filled_summed_and_saved(visitor: Visitor, site: Site) -> None:
    page = visitor("administrator")
    deal = site.facts["records"]["quoted"]
    page.goto(f"/deals/{deal}/lines/edit/")
    product = page.locator("gx-combobox input")
    product.fill("monitor")
    page.get_by_role("option", name="Patient monitor").click()
    expect(page.locator("#id_line-0-description")).to_have_value("Patient monitor")
    expect(page.locator("#line-0-net")).to_have_text("€2,750.00")
    page.locator("#id_line-0-quantity").fill("10")
    page.locator("#id_line-0-quantity").press("Tab")
    expect(page.locator("#id_line-0-unit_price")).to_have_value("2500")
    expect(page.locator("#line-totals")).to_contain_text("€25,000.00")
    page.get_by_role("button", name="Add a line").click()
    expect(page.locator("#id_line-1-description")).to_be_visible()
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.locator("#id_line-1-description")).to_have_count(0)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/deals/{deal}/")
    expect(page.locator("#panel-lines")).to_contain_text("€25,000.00")


def test_a_customer_accepts_and_the_seller_sees_it(visitor: Visitor, site: Site) -> None:
    records = site.facts["records"]
    page = visitor(storage_state=None)
    page.goto(f"/q/{records['public zh-hans']}/")
    page.locator("input[name=name]").fill("Ann <b>Buyer</b>")
    page.locator("input[name=email]").fill("ann@example.org")
    page.locator("button[value=accept]").click()
    expect(page.locator(".alert.success")).to_contain_text("Ann <b>Buyer</b>")
    expect(page.locator("button[value=accept]")).to_have_count(0)
    seller = visitor("administrator")
    seller.goto(f"/quotes/{records['quote']}/")
    expect(seller.get_by_role("button", name="Mark the deal as won")).to_be_visible()
    expect(seller.locator("main")).to_contain_text("Ann <b>Buyer</b>")
