"""Signing in: what strangers learn, how often they may try, and where it leads."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.adapters import MFAAdapter
from accounts.models import AuditEntry, User
from accounts.models.audit import AuditAct
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def test_signing_in_gives_a_new_session_and_is_logged(client, seller):
    client.get("/accounts/login/")
    session = client.session
    session["mark"] = 1
    session.save()
    before = session.session_key
    response = sign_in(client, "SAM@example.com")
    assert response.status_code == 302
    assert client.session.session_key != before
    assert AuditEntry.objects.get(act=AuditAct.SIGNED_IN).subject == seller
    client.get("/profile/")
    assert UserSession.objects.get(user=seller).session_key == client.session.session_key


def test_a_wrong_password_and_an_unknown_address_look_the_same(client, seller):
    wrong = sign_in(client, "sam@example.com", "not the password").content.decode()
    unknown = sign_in(client, "eve@example.com", "not the password").content.decode()
    inactive = UserFactory(is_active=False)
    gone = sign_in(client, inactive.email, "not the password").content.decode()

    def told(html: str) -> list[str]:
        return [line.strip() for line in html.splitlines() if "alert" in line or "<li>" in line]

    assert told(wrong)
    assert told(wrong) == told(unknown) == told(gone)
    assert "eve@example.com" not in str(AuditEntry.objects.values_list("details", flat=True))


def test_failed_sign_ins_are_throttled(client, seller):
    for _ in range(6):
        sign_in(client, "sam@example.com", "not the password")
    response = sign_in(client, "sam@example.com")
    assert response.status_code != 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example"]
)
def test_next_never_leads_to_another_site(client, seller, target):
    response = sign_in(client, "sam@example.com", next=target)
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_next_leads_to_our_pages(client, seller):
    assert sign_in(client, "sam@example.com", next="/profile/")["Location"] == "/profile/"


def test_a_reset_mail_never_names_a_forged_host(client, seller):
    response = client.post(
        "/accounts/password/reset/", {"email": seller.email}, headers={"host": "evil.example"}
    )
    assert response.status_code == 400
    assert not mail.outbox


def test_a_forwarded_host_is_ignored(client, seller):
    client.post(
        "/accounts/password/reset/",
        {"email": seller.email},
        headers={"x-forwarded-host": "evil.example"},
    )
    assert "evil.example" not in mail.outbox[0].body
    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body


def test_asking_for_a_reset_tells_nothing_about_who_is_here(client, seller):
    known = client.post("/accounts/password/reset/", {"email": seller.email})
    unknown = client.post("/accounts/password/reset/", {"email": "eve@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [m.to for m in mail.outbox] == [["sam@example.com"], ["eve@example.com"]]
    assert "password/reset/key" not in mail.outbox[1].body


def test_a_reset_does_not_go_to_a_second_address(client, seller):
    EmailAddress.objects.create(user=seller, email="other@example.com", verified=True)
    client.post("/accounts/password/reset/", {"email": "other@example.com"})
    assert not [m for m in mail.outbox if "password/reset/key" in m.body]


def test_resetting_the_password_ends_every_session(client, seller, client_of):
    thief = client_of(seller)
    assert thief.get("/profile/").status_code == 200
    client.post("/accounts/password/reset/", {"email": seller.email})
    line = next(part for part in mail.outbox[0].body.split() if "/password/reset/key/" in part)
    form = client.get(line.replace("http://testserver", ""), follow=True)
    new = "an entirely new sentence"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    seller.refresh_from_db()
    assert seller.check_password(new)
    assert thief.get("/profile/").status_code == 302


def test_nobody_signs_up(client):
    UserFactory()
    client.post(
        "/accounts/signup/",
        {"email": "eve@example.com", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(email="eve@example.com").exists()


def test_nobody_changes_their_own_address(client_of, seller):
    client = client_of(seller)
    response = client.post("/accounts/email/", {"action_add": "", "email": "eve@example.com"})
    assert response["Location"] == "/profile/"
    assert not EmailAddress.objects.filter(email="eve@example.com").exists()


def test_signing_out_needs_post_and_a_token(seller, client_of):
    client = client_of(seller, enforce_csrf_checks=True)
    client.get("/accounts/logout/")
    assert client.get("/profile/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 403
    token = client.cookies["csrftoken"].value
    client.post("/accounts/logout/", headers={"x-csrftoken": token})
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize("path", ["/profile/appearance/", "/profile/language/", "/profile/sessions/end-all/"])
def test_switches_refuse_a_missing_token_and_a_plain_get(seller, client_of, path):
    client = client_of(seller, enforce_csrf_checks=True)
    assert client.post(path, {"theme": "dark", "language": "zh-hans"}).status_code == 403
    assert client.get(path).status_code == 405
    seller.refresh_from_db()
    assert (seller.theme, seller.language) == ("system", "")


# The second step ------------------------------------------------------------------------------


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(secret, counter):06d}"


def test_secrets_of_the_second_step_are_stored_encrypted(seller):
    secret = generate_totp_secret()
    TOTP.activate(seller, secret)
    codes = RecoveryCodes.activate(seller)
    stored = str(list(Authenticator.objects.filter(user=seller).values_list("data", flat=True)))
    assert secret not in stored
    assert codes.generate_codes()[0] not in stored
    seed = Authenticator.objects.get(user=seller, type="recovery_codes").data["seed"]
    assert MFAAdapter().decrypt(seed) not in stored


def test_keys_are_rotated_without_losing_secrets(seller, settings):
    from cryptography.fernet import Fernet

    old = MFAAdapter().encrypt("secret")
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]
    assert MFAAdapter().decrypt(old) == "secret"
    settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS[:1]
    with pytest.raises(RuntimeError, match="ENCRYPTION_KEYS"):
        MFAAdapter().decrypt(old)


def test_a_password_alone_does_not_open_the_door(client, seller):
    secret = generate_totp_secret()
    TOTP.activate(seller, secret)
    response = sign_in(client, seller.email)
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/profile/").status_code == 302
    assert client.get("/admin/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.get("/profile/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/profile/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_person_sets_up_the_second_step(client, seller):
    sign_in(client, seller.email)
    page = client.get("/accounts/2fa/totp/activate/")
    assert page["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert mail.outbox[-1].to == [seller.email]
    assert Authenticator.objects.filter(user=seller, type="totp").exists()
    assert AuditEntry.objects.filter(act=AuditAct.TWO_STEP_ON, subject=seller).exists()
