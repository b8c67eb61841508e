"""Passkeys and authenticator apps, end to end; the security key is the browser's own virtual one."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, press
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LOGIN = "/accounts/login/"
VIRTUAL_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def go_confirmed(page: Page, path: str, site: Site) -> None:
    """Open a page that asks for the password once more."""
    page.goto(path)
    page.locator("input[name=password]").fill(site.facts["password"])
    press(page.locator("main button[type=submit]"))
    page.wait_for_url(f"**{path}")


def give_password(page: Page, email: str, site: Site) -> None:
    """Sign in as far as the password leads."""
    page.context.clear_cookies()
    page.goto(LOGIN)
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(site.facts["password"])
    press(page.get_by_role("button", name="Sign in", exact=True))


def expect_today(page: Page) -> None:
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_a_passkey_is_added_and_opens_the_door_alone(visitor: Visitor, site: Site) -> None:
    page = visitor("keys")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL_KEY})
    go_confirmed(page, "/accounts/2fa/webauthn/add/", site)
    page.locator("input[name=name]").fill("My laptop")
    expect(page.get_by_label("Passkey")).to_be_checked()
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row").filter(has_text="My laptop")).to_contain_text("Passkey")

    page.context.clear_cookies()
    page.goto(LOGIN)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_today(page)

    give_password(page, site.facts["people"]["keys"], site)
    expect(page).to_have_url(f"{site.url}/accounts/2fa/authenticate/")
    page.get_by_role("button", name="Use a security key").click()
    expect_today(page)


def test_an_authenticator_app_is_set_up_and_a_recovery_code_works_once(visitor: Visitor, site: Site) -> None:
    page, email = visitor("codes"), site.facts["people"]["codes"]
    go_confirmed(page, "/accounts/2fa/totp/activate/", site)
    secret = page.locator("input[readonly]").input_value()
    page.locator("input[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    press(page.get_by_role("button", name="Activate"))
    recovery = page.locator("textarea").input_value().split()
    assert len(set(recovery)) == 10

    for code, opens in ((recovery[0], True), (recovery[0], False), (recovery[1], True)):
        give_password(page, email, site)
        page.locator("input[name=code]").fill(code)
        press(page.locator("form:has(input[name=code]) button"))
        if opens:
            expect_today(page)
        else:
            expect(page.get_by_role("alert")).to_contain_text("Incorrect code")
