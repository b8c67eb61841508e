"""The organisation's settings, and the first start of an empty installation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.models.audit import AuditAct
from accounts.organisation import forget_organisation
from accounts.services import audit
from core.exceptions import RuleViolation

FIELDS = (
    "name",
    "base_currency",
    "time_zone",
    "language",
    "country",
    "fiscal_year_start",
    "vocabulary",
    "retention_months",
)

_followers: list[Callable[[set[str]], None]] = []


def after_change(function: Callable[[set[str]], None]) -> None:
    """Register what follows from the settings; it gets the names of those that changed, inside the
    transaction."""
    _followers.append(function)


def update_organisation(*, values: dict[str, Any], actor: User) -> Organisation:
    """Change the settings; each change is in the security log."""
    with transaction.atomic():
        row = _locked()
        before = {name: getattr(row, name) for name in FIELDS}
        for name in FIELDS:
            if name in values:
                setattr(row, name, values[name])
        _checked(row)
        row.save()
        changed = audit.differences(before, {name: getattr(row, name) for name in FIELDS})
        if changed:
            audit.record(AuditAct.ORGANISATION, actor=actor, changed=changed)
        forget_organisation()
        for follow in _followers if changed else ():
            follow(set(changed))
    return row


def set_up(
    *,
    organisation: str,
    language: str,
    time_zone: str,
    currency: str,
    name: str,
    email: str,
    password: str,
    ip: str | None = None,
) -> User:
    """Name the organisation and make its first administrator. Works once."""
    with transaction.atomic():
        row = _locked()  # of two people at once, the second waits here and then finds the first
        if User.objects.exists():
            raise RuleViolation(_("This installation is already set up."), code="set_up")
        row.name, row.language = organisation, language
        row.time_zone, row.base_currency = time_zone, currency
        _checked(row)
        row.save()
        person = User.objects.create_superuser(
            email, password, name=name, language=language, date_joined=timezone.now()
        )
        audit.record(AuditAct.JOINED, actor=person, subject=person, ip=ip, first=True)
        forget_organisation()
    return person


def _locked() -> Organisation:
    Organisation.objects.get_or_create(pk=1)
    return Organisation.objects.select_for_update().get(pk=1)


def _checked(row: Organisation) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleViolation(messages[0], field=field if field in FIELDS else None, code="invalid") from error
