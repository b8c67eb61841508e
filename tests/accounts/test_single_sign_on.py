"""Single sign-on: who is let in, and as what."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.constants import Role
from accounts.models import User
from accounts.services import single_sign_on
from tests.factories.accounts import AdministratorFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_only_a_verified_address_of_an_active_person_counts(seller):
    assert single_sign_on.known_person(email="SAM@example.com", verified=True) == seller
    assert single_sign_on.known_person(email="sam@example.com", verified=False) is None
    assert single_sign_on.known_person(email="", verified=True) is None
    gone = UserFactory(is_active=False)
    assert single_sign_on.known_person(email=gone.email, verified=True) is None


@pytest.mark.django_db
def test_strangers_join_only_from_listed_domains(settings, seller):
    settings.OIDC_DOMAINS = ["acme.example"]
    assert single_sign_on.may_join(email="new@ACME.example", verified=True)
    assert not single_sign_on.may_join(email="new@acme.example", verified=False)
    assert not single_sign_on.may_join(email="new@sub.acme.example", verified=True)
    assert not single_sign_on.may_join(email="new@evil.example", verified=True)
    gone = UserFactory(email="gone@acme.example", is_active=False)
    assert not single_sign_on.may_join(email=gone.email, verified=True)
    settings.OIDC_DOMAINS = []
    assert not single_sign_on.may_join(email="new@acme.example", verified=True)
    assert not single_sign_on.may_join(email="", verified=True)


@pytest.mark.django_db
def test_nobody_is_promoted_on_the_way_in():
    claimed = User(email="new@acme.example", role=Role.ADMINISTRATOR)
    person = single_sign_on.prepare_newcomer(person=claimed, name="")
    assert (person.role, person.team, person.name) == (Role.SALES, None, "new")
    assert not person.has_usable_password()


@pytest.mark.django_db
def test_coming_in_ends_the_invitation():
    person = AdministratorFactory(invited_at=timezone.now())
    single_sign_on.joined_by_invitation(person=person)
    person.refresh_from_db()
    assert person.invited_at is None


SCRIPT = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from accounts.models import User

boss = User.objects.create_user("boss@acme.example", "x", name="Boss", role="administrator")
User.objects.create_user("gone@acme.example", "x", name="Gone", is_active=False)

def come(email, verified=True, uid=None, **claims):
    request = RequestFactory(SERVER_NAME="localhost").get("/")
    request.session, request.user = SessionStore(), AnonymousUser()
    request._messages = CookieStorage(request)
    provider = get_adapter().get_provider(request, "oidc")
    said = {"sub": uid or email, "email": email, "email_verified": verified, **claims}
    login = provider.sociallogin_from_response(request, {"userinfo": said})
    login.state = {}
    with request_context(request):
        try:
            response = complete_login(request, login)
        except ImmediateHttpResponse as stopped:
            response = stopped.response
    return f"{response.status_code} {response['Location']} {request.session.get('_auth_user_id', '-')}"

print("boss", come("boss@acme.example"))
print("unverified", come("boss@acme.example", verified=False, uid="evil"))
print("gone", come("gone@acme.example"))
print("stranger", come("eve@evil.example"))
print("newcomer", come("new@acme.example", name="Nora", role="administrator", is_superuser=True))
nora = User.objects.get(email="new@acme.example")
print(nora.name, nora.role, nora.has_usable_password(), User.objects.count())
"""


@pytest.mark.slow
def test_the_log_in_package_asks_these_rules(tmp_path):
    """With a provider in the environment, in a process of its own: it changes INSTALLED_APPS."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
    } | {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings",
        "GUANXI_VAR": str(tmp_path),
        "OIDC_SERVER_URL": "https://id.example",
        "OIDC_CLIENT_ID": "guanxi",
        "OIDC_CLIENT_SECRET": "secret",
        "OIDC_DOMAINS": "acme.example",
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-6:] == [
        "boss 302 / 1",
        "unverified 302 /accounts/login/ -",
        "gone 302 /accounts/login/ -",
        "stranger 302 /accounts/login/ -",
        "newcomer 302 / 3",
        "Nora sales False 3",
    ]
