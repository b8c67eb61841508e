"""The job the product is for, from the log-in to the step done, with and without JavaScript."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WIDE, Visitor, press, sign_in
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def import_file(page: Page, path: Path) -> None:
    """Take a file through the wizard."""
    page.goto("/imports/new/?target=customers")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload and look at the columns").click()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile(r"/imports/\d+/(values/)?$"))
    if "/values/" in page.url or page.get_by_role("button", name="Start the trial run").count():
        page.get_by_role("button", name="Start the trial run").click()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("The import is complete")


def log_call(page: Page, subject: str, step: str) -> None:
    """Log a call with a next step that is due today."""
    page.locator("#composer [name=subject]").fill(subject)
    page.locator("#composer [name=next_title]").fill(step)
    page.locator("#composer [name=next_due_on]").fill(datetime.now(UTC).date().isoformat())
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("main")).to_contain_text(subject)


def customers_file(folder: Path, name: str) -> Path:
    path = folder / "customers.csv"
    rows = [
        "Name,E-mail,Phone,City",
        f"{name},office@{name.split()[0].lower()}.example,+49 30 8887776,Berlin",
    ]
    path.write_text("\n".join([*rows, f"{name} South,,,Lyon"]) + "\n")
    return path


def test_with_the_keyboard_and_htmx(browser: Browser, site: Site, visitor: Visitor, tmp_path: Path) -> None:
    page = visitor("sales")
    import_file(page, customers_file(tmp_path, "Quickstart Motors"))
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name=re.compile("Search")).first.press_sequentially("quickstart mo")
    expect(page.get_by_role("option", name=re.compile("Quickstart Motors")).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quickstart Motors")
    log_call(page, "Spoke about engines", "Send the engine list")
    page.goto("/")
    page.get_by_role("button", name="Done: Send the engine list").click()
    expect(page.get_by_role("button", name="Done: Send the engine list")).to_have_count(0)
    press(page.get_by_role("button", name="Undo").first)
    page.goto("/")
    expect(page.get_by_role("button", name="Done: Send the engine list")).to_be_visible()


def test_without_javascript(browser: Browser, site: Site, tmp_path: Path) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport=WIDE)
    context.set_default_timeout(10_000)
    page = context.new_page()
    sign_in(page, site.facts["people"]["second"], site.facts["password"])
    import_file(page, customers_file(tmp_path, "Plainpaper Works"))
    page.goto("/customers/")
    page.get_by_role("searchbox").last.fill("plainpaper works")
    page.get_by_role("searchbox").last.press("Enter")
    page.get_by_role("main").get_by_role("link", name="Plainpaper Works", exact=True).click()
    if not page.locator("#composer").count():
        page.get_by_role("main").get_by_role("link", name=re.compile("History|Log")).first.click()
    log_call(page, "Spoke about paper", "Send paper samples")
    page.goto("/")
    page.get_by_role("button", name="Done: Send paper samples").click()
    press(page.get_by_role("button", name="Undo").first)
    page.goto("/")
    expect(page.get_by_role("button", name="Done: Send paper samples")).to_be_visible()
    context.close()
