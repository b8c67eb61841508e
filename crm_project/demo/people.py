"""Who signs in to the sample data, and with which password."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Team, User
from crm_project.demo.material import PEOPLE, TEAMS

LOGINS = "demo_logins.json"


def make_people() -> dict[str, User]:
    """The sample teams and users by name, with one random password for this copy."""
    teams: dict[str | None, Team | None] = {None: None}
    for name, parent in TEAMS:
        teams[name], _made = Team.objects.get_or_create(name=name, defaults={"parent": teams[parent]})
    # A fixed password would be known to everybody who has read the source.
    password = "-".join(secrets.token_hex(3) for _ in range(2))
    hashed = make_password(password)  # once: it is slow on purpose
    users, logins = {}, []
    for key, name, email, role, team, language in PEOPLE:
        user = User.objects.create(
            email=email, password=hashed, name=name, role=role, team=teams[team], language=language
        )
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        users[name] = user
        logins.append({"who": key, "email": email, "password": password})
    path = login_file()
    path.touch(mode=0o600)
    path.write_text(json.dumps(logins), encoding="utf-8")
    return users


def login_file() -> Path:
    return Path(settings.VAR_DIR) / LOGINS


def logins() -> list[dict[str, str]]:
    """The sample log-ins of this copy; empty where there are none."""
    path = login_file()
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
