"""Who may come in by single sign-on. The identity provider says who it is, we say whether."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from accounts.constants import Role
from accounts.models import User
from accounts.models.audit import AuditAct
from accounts.services import audit


def known_person(*, email: str, verified: bool) -> User | None:
    """The active or invited person of a verified address.

    An unverified address proves nothing: somebody could claim an administrator's.
    """
    if not (email and verified):
        return None
    return User.objects.filter(email=email.lower(), is_active=True).first()


def may_join(*, email: str, verified: bool) -> bool:
    """Whether a stranger gets an account: only with a verified address of a listed domain."""
    domain = email.lower().rpartition("@")[2]
    return bool(verified and domain and domain in settings.OIDC_DOMAINS) and not (
        User.objects.filter(email=email.lower()).exists()
    )


def joined_by_invitation(*, person: User) -> None:
    """An invitation ends when the invited person comes in by single sign-on."""
    if person.is_invited:
        with transaction.atomic():
            person.invited_at = None
            person.save(update_fields=["invited_at"])
            audit.record(AuditAct.JOINED, actor=person, subject=person, single_sign_on=True)


def prepare_newcomer(*, person: User, name: str) -> User:
    """A person of a listed domain starts with the least rights, whatever the provider claims."""
    person.role = Role.SALES
    person.team = None
    person.name = name[:120] or person.email.partition("@")[0]
    person.set_unusable_password()
    return person
