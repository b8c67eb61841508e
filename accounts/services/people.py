"""People: their role and team, and their coming and going."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import handover
from accounts.constants import Role
from accounts.models import User
from accounts.models.audit import AuditAct
from accounts.services import audit
from accounts.services.sessions import end_all_sessions
from accounts.visibility import forget
from core.exceptions import RuleViolation
from core.jobs import enqueue
from core.models import Job

FIELDS = ("email", "name", "role", "team_id", "language", "time_zone")


def update_person(*, person: User, values: dict[str, Any], actor: User) -> User:
    """Change what an administrator may change: e-mail, name, role, team, language, time zone."""
    with transaction.atomic():
        locked = _locked(person)
        before = _snapshot(locked)
        for name, value in values.items():
            if name not in ("email", "name", "role", "team", "language", "time_zone"):
                raise ValueError(name)
            setattr(locked, name, value.lower() if name == "email" else value)
        if before["role"] == Role.ADMINISTRATOR and locked.role != Role.ADMINISTRATOR:
            _another_administrator_stays(locked)
        checked(locked)
        changed = audit.differences(before, _snapshot(locked))
        if not changed:
            return locked
        locked.save()
        if "email" in changed:
            # A password reset to the old address must no longer reach this person.
            EmailAddress.objects.filter(user=locked).delete()
        audit.record(AuditAct.PERSON, actor=actor, subject=locked, **changed)
    forget(locked)
    return locked


def deactivate_person(*, person: User, actor: User, heir: User | None = None) -> Job | None:
    """Bar a person from signing in, at once, and hand their records to `heir` in the background."""
    with transaction.atomic():
        locked = _locked(person)
        if locked.pk == actor.pk:
            raise RuleViolation(_("You cannot deactivate yourself."), code="self")
        if not locked.is_active:
            raise RuleViolation(_("This person is already deactivated."), code="inactive")
        _another_administrator_stays(locked)
        if heir is not None:
            check_heir(person=locked, heir=heir)
        locked.is_active = False
        locked.invited_at = None
        locked.save(update_fields=["is_active", "invited_at"])
        end_all_sessions(person=locked, actor=actor)
        audit.record(AuditAct.DEACTIVATED, actor=actor, subject=locked)
        return hand_over(person=locked, heir=heir, actor=actor) if heir else None


def hand_over(*, person: User, heir: User, actor: User) -> Job:
    """Give everything a person owns to somebody else, in the background."""
    check_heir(person=person, heir=heir)
    with transaction.atomic():
        audit.record(AuditAct.HANDED_OVER, actor=actor, subject=person, to=heir.pk)
        return enqueue(
            handover.JOB,
            arguments={"person": person.pk, "heir": heir.pk},
            actor=actor,
            key=f"{handover.JOB}:{person.pk}",
            total=handover.count_records(person),
        )


def reactivate_person(*, person: User, actor: User) -> User:
    """Let a person sign in again, with the password they had."""
    with transaction.atomic():
        locked = _locked(person)
        if locked.is_active:
            raise RuleViolation(_("This person is already active."), code="active")
        locked.is_active = True
        locked.save(update_fields=["is_active"])
        audit.record(AuditAct.REACTIVATED, actor=actor, subject=locked)
    return locked


def reset_second_step(*, person: User, actor: User) -> int:
    """Remove the second step of somebody who lost it; they sign in by password and set it up anew."""
    if person.pk == actor.pk:
        raise RuleViolation(_("Manage your own second step in your profile."), code="self")
    with transaction.atomic():
        count = Authenticator.objects.filter(user=person).delete()[0]
        if count:
            end_all_sessions(person=person, actor=actor)
            audit.record(AuditAct.TWO_STEP_OFF, actor=actor, subject=person, methods=count)
    return count


def check_heir(*, person: User, heir: User) -> None:
    """Records go to somebody who can work with them."""
    if heir.pk == person.pk or not heir.is_active or heir.role == Role.ANALYST:
        raise RuleViolation(
            _("Choose another active person who is not read-only."), field="heir", code="heir"
        )


def checked(person: User) -> None:
    """Validate a person; what is wrong becomes the message of a RuleViolation."""
    try:
        person.full_clean(exclude=["password"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        name = field if field in ("email", "name", "role", "team", "language", "time_zone") else None
        if field == "__all__" and "email" in str(messages[0]):
            name = "email"
        raise RuleViolation(messages[0], field=name, code="invalid") from error


def _another_administrator_stays(person: User) -> None:
    """Two administrators who demote each other at once wait for one another here."""
    rows = User.objects.select_for_update().filter(role=Role.ADMINISTRATOR, is_active=True, invited_at=None)
    keys = {row.pk for row in rows.order_by("pk")}
    if person.pk in keys and keys == {person.pk}:
        raise RuleViolation(
            _("This is the last administrator. Make somebody else administrator first."),
            field="role",
            code="last_administrator",
        )


def _locked(person: User) -> User:
    """The person as they stand now, locked together with all administrators and in one order:
    locking the person first would let two who demote each other wait for one another for ever."""
    rows = User.objects.select_for_update().filter(Q(pk=person.pk) | Q(role=Role.ADMINISTRATOR))
    return next(row for row in rows.order_by("pk") if row.pk == person.pk)


def _snapshot(person: User) -> dict[str, Any]:
    return {name: getattr(person, name) for name in FIELDS}
