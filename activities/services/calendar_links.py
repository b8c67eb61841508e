"""Secret addresses of calendars: made, read, revoked. The secret itself is shown once and not kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import CalendarLink
from core.exceptions import RuleViolation

MAX_LINKS = 10
# Programs read the feed every few minutes; a write each time would serve nobody.
USED_STEP = timedelta(minutes=10)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_calendar_link(*, user: Any, name: str = "") -> tuple[CalendarLink, str]:
    """A new link and its secret, which can never be read again."""
    if CalendarLink.objects.filter(user=user, revoked_at=None).count() >= MAX_LINKS:
        raise RuleViolation(_("Revoke a link you no longer use first."), code="too_many_links")
    secret = secrets.token_hex(32)
    return CalendarLink.objects.create(user=user, name=name, sha256=hash_of(secret)), secret


def revoke_calendar_link(*, link: CalendarLink) -> None:
    """From now on the address answers 404."""
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])


def open_calendar_link(secret: str) -> CalendarLink | None:
    """The link of a secret, if it is good and its owner may still sign in; remembers the visit."""
    link = CalendarLink.objects.select_related("user").filter(sha256=hash_of(secret), revoked_at=None).first()
    if link is None or not link.user.is_active:
        return None
    now = timezone.now()
    if link.last_used_at is None or link.last_used_at < now - USED_STEP:
        link.last_used_at = now
        link.save(update_fields=["last_used_at"])
    return link
