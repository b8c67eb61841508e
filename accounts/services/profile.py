"""What people set for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import NotificationPreference, User
from accounts.models.notification import NotificationKind
from accounts.services.people import checked

OWN_FIELDS = ("name", "language", "time_zone", "theme", "density")


def update_profile(*, actor: User, values: Mapping[str, Any]) -> User:
    """Change one's own name and preferences; nothing else can be changed here."""
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=actor.pk)
        changed = [name for name in OWN_FIELDS if name in values]
        for name in changed:
            setattr(person, name, values[name])
        checked(person)
        person.save(update_fields=changed)
    return person


def save_notification_preferences(*, actor: User, choices: Mapping[str, tuple[bool, bool]]) -> None:
    """Say for each kind whether it stands under the bell and in the daily e-mail."""
    with transaction.atomic():
        for kind, (in_app, digest) in choices.items():
            if kind not in NotificationKind.values:
                raise ValueError(kind)
            NotificationPreference.objects.update_or_create(
                user=actor, kind=kind, defaults={"in_app": in_app, "digest": digest}
            )
