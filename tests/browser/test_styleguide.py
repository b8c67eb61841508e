"""Each component in Chromium: by pointer, by keyboard, by axe, at both widths and in both themes."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.factories.accounts import UserFactory

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed"),
    pytest.mark.urls("tests.browser.styleguide_urls"),
]


@pytest.fixture
def open_page(browser, live_server, client, transactional_db):
    """Opens the styleguide as a signed-in person; nothing may be written to the console."""
    client.force_login(UserFactory(role="administrator"))
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    contexts, complaints = [], []

    def open_at(width: int = 1440, theme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        context.add_cookies([session])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.goto(f"{live_server.url}/styleguide/")
        expect(page.locator("html.js")).to_have_count(1)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert [text for text in complaints if "422" not in text] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing(open_page, width, theme):
    page = open_page(width, theme)
    # As tall as the page: what stays in view must not cover what one could scroll to.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height + 100})
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []


def test_nothing_is_wider_than_a_phone(open_page):
    page = open_page(390)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_theme_of_the_device_needs_no_setting(open_page):
    page = open_page(theme="dark")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_menu_opens_by_key_and_walks_with_arrows(open_page):
    page = open_page()
    page.locator("[popovertarget=page-menu]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Edit", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Merge…")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#page-menu")).to_be_hidden()
    expect(page.locator("[popovertarget=page-menu]")).to_be_focused()


def test_a_dialog_closes_by_escape_and_outside(open_page):
    page = open_page()
    dialog = page.locator("#example-dialog")
    page.get_by_role("button", name="Open a dialog").click()
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Open a dialog").click()
    page.mouse.click(10, 450)
    expect(dialog).to_be_hidden()


def test_a_question_mark_lists_the_shortcuts_but_not_while_typing(open_page):
    page = open_page()
    page.locator("#id_notes").focus()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-dialog")).to_be_hidden()
    page.locator("#main").focus()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts-dialog")).to_be_visible()


def test_a_combobox_searches_and_fills_its_select(open_page):
    page = open_page()
    field = page.locator("#id_fresh-owner-search")
    field.click()
    field.fill("小")
    expect(page.locator("[role=listbox]:visible [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field).to_have_value("王小明")
    expect(page.locator("#id_fresh-owner")).to_have_value("王小明")
    field.fill("nobody of that name")
    expect(page.locator(".combo-note")).to_have_text("Nothing found")
    page.keyboard.press("Escape")
    expect(field).to_have_value("王小明")


def test_rows_are_selected_one_by_one_by_page_and_all(open_page):
    page = open_page()
    count = page.locator("[data-selection-count]")
    expect(count).to_be_hidden()
    page.get_by_label("Select 王小明").check()
    expect(count).to_have_text("1 selected")
    page.get_by_label("Select all rows of this page").check()
    page.get_by_role("button", name="Select all 12,345 results").click()
    expect(count).to_have_text("12,345 selected")
    expect(page.locator("[data-all-results]")).to_have_value("1")
    page.get_by_label("Select 王小明").uncheck()
    expect(count).to_have_text("5 selected")
    expect(page.locator("[data-all-results]")).to_have_value("")


def test_inline_edit_saves_and_gives_the_focus_back(open_page):
    page = open_page()
    row = page.locator(".field-row").first
    row.hover()
    row.get_by_role("link", name="Edit Industry").click()
    expect(page.locator("[data-inline-form] input[type=text]")).to_be_focused()
    page.keyboard.type("Optics")
    page.keyboard.press("Enter")
    expect(page.locator("#inline-row dd")).to_contain_text("Optics")
    expect(page.locator("#inline-row .field-edit")).to_be_focused()


def test_a_card_is_dragged_to_another_column(open_page):
    page = open_page()
    card = page.locator("[data-card]").first
    card.scroll_into_view_if_needed()
    start, target = card.bounding_box(), page.locator("[data-stage='1']").bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 45)
    page.mouse.down()
    page.mouse.move(start["x"] + 90, start["y"] + 50)
    page.mouse.move(target["x"] + 100, target["y"] + 90, steps=4)
    page.mouse.up()
    expect(page.locator("[data-stage='1'] [data-card='0']")).to_have_attribute("data-version", "2")
    expect(page.locator("[data-stage='1'] [data-count]")).to_have_text("3")
    expect(page.locator("[data-announce]")).to_have_text("Ada Lovelace moved to Qualified")
    assert page.url.endswith("/styleguide/")


def test_a_card_moves_by_keys_and_comes_back_when_refused(open_page):
    page = open_page()
    card = page.locator("[data-stage='2'] [data-card]").first
    name = card.get_attribute("data-label")
    card.locator("[data-grip]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-announce]")).to_have_text("Over Customer")
    page.keyboard.press("Space")
    expect(page.locator("#toasts")).to_contain_text("This customer has no order yet.")
    expect(page.locator("[data-stage='2'] [data-card]").first).to_have_attribute("data-label", name)
    expect(card.locator("[data-grip]")).to_be_focused()


def test_the_drawer_opens_under_the_thumb(open_page):
    page = open_page(390)
    drawer = page.locator("#site-navigation")
    expect(drawer).to_be_hidden()
    page.locator(".bottom-bar").get_by_role("button", name="Menu").click()
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_the_menu_folds_and_stays_folded(open_page):
    page = open_page()
    page.get_by_role("button", name="Fold the menu").click()
    assert page.locator("#site-navigation").bounding_box()["width"] < 80
    page.reload()
    assert page.locator("#site-navigation").bounding_box()["width"] < 80


def test_pages_work_without_scripts(browser, live_server, open_page):
    cookies = open_page().context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    expect(page.locator("#local-combo")).to_be_visible()
    page.locator("[popovertarget=page-menu]").click()
    expect(page.locator("#page-menu")).to_be_visible()
    context.close()
