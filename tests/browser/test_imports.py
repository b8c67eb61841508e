"""A workbook through the wizard, in both languages; each step is as sound as every other page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDE, Visitor, press
from tests.browser.test_main_job import customers_file, import_file
from tests.browser.test_pages import look

pytestmark = pytest.mark.browser
ROWS = [
    ["Name", "Kind", "Country", "E-mail", "Founded", "Owner", "Parent company"],
    ["{name} Holding", "company", "France", "holding@{mail}", 1999, "", ""],
    ["{name} Works", "company", "Frnace", "works@{mail}", 2004, "", "{name} Holding"],
    ["{name} Wrong", "company", "France", "no address", 2004, "", ""],
    ["Whole Trading", "company", "", "", 2011, "", "{name} Nowhere"],
]


def workbook(path: Path, name: str) -> Path:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Read me").write(0, 0, "The customers are on the next sheet.")
    sheet = book.add_worksheet("Customers")
    for y, row in enumerate(ROWS):
        for x, cell in enumerate(row):
            text = cell.format(name=name, mail=f"{name.lower()}.example") if isinstance(cell, str) else cell
            sheet.write(y, x, text)
    book.close()
    return path


def go_on(page: Page) -> None:
    """The button that leads to the next step is the page's only one of its kind."""
    page.set_viewport_size(WIDE)
    page.locator("main form:not(.import-reading-form) button.btn-primary[type=submit]").click()


@pytest.mark.parametrize(("who", "language"), [("administrator", "en"), ("administrator_zh", "zh-hans")])
def test_a_workbook_becomes_customers(who: str, language: str, visitor: Visitor, tmp_path: Path) -> None:
    name = "Sheetfull" if language == "en" else "Workbook"
    page = visitor(who, color_scheme="light")
    page.goto("/imports/new/?target=customers.customer")
    page.locator("input[type=file]").set_input_files(workbook(tmp_path / "customers.xlsx", name))
    go_on(page)
    expect(page).to_have_url(re.compile(r"/imports/\d+/columns/$"))
    expect(page.locator("select[name=sheet]")).to_have_value("Customers")
    problems = look(page, page.url, language)
    go_on(page)
    expect(page).to_have_url(re.compile(r"/imports/\d+/values/$"))
    problems += look(page, page.url, language)
    page.locator("tr:has-text('Frnace') input[name^=fix-]").fill("France")
    go_on(page)
    expect(page).to_have_url(re.compile(r"/imports/\d+/$"))
    detail = page.url
    problems += look(page, detail, language)
    go_on(page)
    expect(page.locator(".stats")).to_contain_text("2")
    problems += look(page, detail, language)
    assert not problems, "\n".join(problems)
    page.goto(f"/customers/?q={name}+works&columns=name,country,parent,founded")
    found = page.get_by_role("table").first
    for text in (f"{name} Works", "France", f"{name} Holding", "2004"):
        expect(found).to_contain_text(text)


def test_an_import_is_taken_back(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor("sales")
    import_file(page, customers_file(tmp_path, "Takeback Motors"))
    page.get_by_role("button", name="Undo this import").click()
    press(page.get_by_role("dialog").get_by_role("button", name="Undo the import"))
    expect(page.get_by_role("main")).to_contain_text("This import was undone")
    page.goto("/customers/?q=takeback")
    expect(page.get_by_role("main")).not_to_contain_text("Takeback Motors South")
