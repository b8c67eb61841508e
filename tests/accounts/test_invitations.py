"""Invitations: signed, expiring, single use."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.constants import Role
from accounts.models import User
from accounts.services import invitations
from core.exceptions import RuleViolation
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

GOOD = {"name": "Ines", "password": "a very long sentence", "repeat": "a very long sentence"}


@pytest.fixture
def invited(admin, django_capture_on_commit_callbacks) -> User:
    with django_capture_on_commit_callbacks(execute=True):
        return invitations.invite_person(
            email="Ines@Example.com", name="Ines", role=Role.MANAGER, actor=admin
        )


def link() -> str:
    found = re.search(r"http://localhost:8000(/invitation/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_the_invited_person_gets_a_link_and_cannot_sign_in_yet(invited):
    assert invited.email == "ines@example.com"
    assert not invited.has_usable_password()
    assert mail.outbox[0].to == ["ines@example.com"]
    assert Client().get(link()).status_code == 200


def test_following_the_link_sets_the_password_once(invited, client):
    address = link()
    response = client.post(address, GOOD)
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    invited.refresh_from_db()
    assert invited.check_password(GOOD["password"])
    assert invited.role == Role.MANAGER
    again = client.post(address, {**GOOD, "password": "quite another sentence"})
    assert again.status_code == 410
    invited.refresh_from_db()
    assert invited.check_password(GOOD["password"])


def test_the_link_expires(invited, client):
    address = link()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert client.get(address).status_code == 410
        assert client.post(address, GOOD).status_code == 410


def test_a_forged_or_changed_link_is_refused(invited, client):
    address = link()
    assert client.get(address[:-2] + "x/").status_code == 410
    assert client.get("/invitation/nonsense/").status_code == 410
    other = UserFactory(invited_at=timezone.now())
    swapped = invitations.invitation_token(other).split(":")[0] + address.split("/")[-2].partition(":")[2]
    assert client.get(f"/invitation/{swapped}/").status_code == 410


def test_a_newer_invitation_voids_the_older(invited, admin, client, django_capture_on_commit_callbacks):
    old = link()
    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite_again(person=invited, actor=admin)
    assert client.get(old).status_code == 410
    assert client.get(link()).status_code == 200


def test_the_link_of_a_deactivated_person_is_void(invited, client):
    address = link()
    User.objects.filter(pk=invited.pk).update(is_active=False)
    assert client.get(address).status_code == 410


def test_role_and_address_cannot_be_smuggled_in(invited, client):
    client.post(link(), {**GOOD, "role": "administrator", "email": "evil@example.com"})
    invited.refresh_from_db()
    assert (invited.role, invited.email) == (Role.MANAGER, "ines@example.com")


@pytest.mark.parametrize("password", ["short", "qwertyuiop", "12345678901234", "ines@example.com"])
def test_weak_passwords_are_refused(invited, client, password):
    response = client.post(link(), {"name": "Ines", "password": password, "repeat": password})
    assert response.status_code == 422
    invited.refresh_from_db()
    assert not invited.has_usable_password()


def test_an_existing_address_cannot_be_invited(admin, seller):
    with pytest.raises(RuleViolation) as caught:
        invitations.invite_person(email="SAM@example.com", name="S", role=Role.SALES, actor=admin)
    assert caught.value.field == "email"


def test_line_breaks_cannot_reach_the_headers(admin, client_of):
    response = client_of(admin).post(
        "/settings/people/invite/",
        {"email": "a@example.com\nBcc: b@example.com", "name": "A", "role": "sales"},
    )
    assert response.status_code == 422
    assert not mail.outbox


def test_a_password_reset_does_not_replace_the_invitation(invited, client):
    mail.outbox.clear()
    client.post("/accounts/password/reset/", {"email": invited.email})
    assert not [m for m in mail.outbox if "password/reset/key" in m.body]
