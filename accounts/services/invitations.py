"""Inviting people by e-mail: a signed link that works once and expires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.models.audit import AuditAct
from accounts.organisation import get_organisation
from accounts.services import audit
from accounts.services.people import checked
from core.exceptions import RuleViolation

SALT = "accounts.invitation"
VALID_FOR = timedelta(days=7)


def invite_person(
    *, email: str, name: str, role: str, team: Any = None, language: str = "", actor: User
) -> User:
    """Make a person who cannot sign in yet and send the link with which they set a password."""
    with transaction.atomic():
        person = User(
            email=User.objects.normalize_email(email).lower(),
            name=name,
            role=role,
            team=team,
            language=language,
            invited_at=timezone.now(),
        )
        person.set_unusable_password()
        checked(person)
        person.save()
        audit.record(AuditAct.INVITED, actor=actor, subject=person, role=role)
        transaction.on_commit(lambda: send_invitation(person=person, actor=actor))
    return person


def invite_again(*, person: User, actor: User) -> None:
    """Send a new link; the one sent before stops working."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=person.pk)
        if not (locked.is_invited and locked.is_active):
            raise RuleViolation(_("This person has already joined."), code="joined")
        locked.invited_at = timezone.now()
        locked.save(update_fields=["invited_at"])
        audit.record(AuditAct.INVITED, actor=actor, subject=locked)
        transaction.on_commit(lambda: send_invitation(person=locked, actor=actor))


def invitation_token(person: User) -> str:
    """The secret part of the link."""
    assert person.invited_at is not None
    return signing.dumps({"person": person.pk, "at": person.invited_at.isoformat()}, salt=SALT)


def person_of(token: str) -> User | None:
    """Whom a link invites; None when it is forged, expired, used or replaced by a newer one."""
    try:
        said = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    person = User.objects.filter(pk=said["person"], is_active=True).first()
    if person is None or person.invited_at is None:
        return None
    return person if person.invited_at.isoformat() == said["at"] else None


def accept_invitation(*, token: str, password: str, name: str = "", ip: str | None = None) -> User:
    """Set the password of an invited person. A second use of the link is refused."""
    with transaction.atomic():
        found = person_of(token)
        person = User.objects.select_for_update().get(pk=found.pk) if found else None
        # Asked again under the lock: two clicks at once must not both pass.
        if person is None or found is None or person.invited_at != found.invited_at:
            raise RuleViolation(_("This invitation is no longer valid."), code="invitation")
        person.set_password(password)
        person.invited_at = None
        if name:
            person.name = name
        checked(person)
        person.save(update_fields=["password", "invited_at", "name"])
        audit.record(AuditAct.JOINED, actor=person, subject=person, ip=ip)
    return person


def send_invitation(*, person: User, actor: User) -> None:
    """Write to the person in their language."""
    with translation.override(person.language or get_organisation().language):
        context = {
            "person": person,
            "actor": actor,
            "organisation": get_organisation(),
            "days": VALID_FOR.days,
            "url": settings.SITE_URL + reverse("accounts:invitation_accept", args=[invitation_token(person)]),
        }
        EmailMessage(
            subject=_("Your invitation to Guanxi"),
            body=render_to_string("accounts/email/invitation.txt", context),
            to=[person.email],
        ).send()
