"""Reads of notifications."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from accounts.models import Notification, NotificationPreference, User
from accounts.models.notification import NotificationKind
from accounts.organisation import get_organisation
from core.prepared import Prepared

MORNING = 7  # o'clock where the person is


def under_the_bell(user: User) -> QuerySet[Notification]:
    """A person's notifications, newest first."""
    return Notification.objects.filter(user=user, in_app=True).order_by("-created_at", "-pk")


_unread = Prepared(
    lambda user: (
        Notification.objects.filter(user=user, in_app=True, read_at=None).order_by().values_list("pk")[:100]
    ),
    int,
)


def unread_count(user: User) -> int:
    """How many wait under the bell, counted to 100 at most."""
    return len(_unread(user.pk))


def preferences_of(user: User) -> dict[str, tuple[bool, bool]]:
    """(under the bell, in the daily e-mail) for every kind."""
    rows = {row.kind: row for row in NotificationPreference.objects.filter(user=user)}
    return {
        kind: (rows[kind].in_app, rows[kind].digest) if kind in rows else (True, True)
        for kind in NotificationKind.values
    }


def local_day(user: User, now: datetime) -> tuple[date, int]:
    """The person's own date and hour."""
    there = now.astimezone(ZoneInfo(user.time_zone or get_organisation().time_zone))
    return there.date(), there.hour


def waiting_for_mail(user: User, now: datetime) -> QuerySet[Notification]:
    """Unread news of the last two weeks that no mail has told yet."""
    return Notification.objects.filter(
        user=user,
        mailed_at=None,
        read_at=None,
        created_at__lte=now,
        created_at__gt=now - timedelta(days=14),
    ).order_by("created_at", "pk")


def people_due_for_digest(now: datetime | None = None) -> list[int]:
    """Ids of people whose morning has come and whose news of today has not been mailed."""
    now = now or datetime.now(UTC)
    waiting = Notification.objects.filter(
        mailed_at=None, read_at=None, created_at__gt=now - timedelta(days=14)
    )
    people = User.objects.filter(is_active=True, invited_at=None, pk__in=waiting.order_by().values("user"))
    due = []
    for person in people.order_by("pk"):
        day, hour = local_day(person, now)
        if hour >= MORNING and (person.digest_on is None or person.digest_on < day):
            due.append(person.pk)
    return due
