"""Telling people something: under the bell, in the daily e-mail, or both, as they prefer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Notification, NotificationPreference, User
from accounts.models.notification import NotificationKind


def notify(
    *,
    user: User,
    kind: str,
    text: str,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    dedupe: str = "",
) -> Notification | None:
    """Tell one person. None when they want no such news, or had this one already.

    `text` is a message of our catalogue (mark it with ``gettext_noop``) with ``%(name)s`` parts
    filled from `params`; it is translated when it is read. `url` is a path of this site. Of
    several calls with the same `dedupe`, only the first one has an effect.
    """
    if kind not in NotificationKind.values:
        raise ValueError(f"unknown kind of notification: {kind}")
    if url and (not url.startswith("/") or url.startswith("//") or "\\" in url):
        raise ValueError("a notification leads to a path of this site")
    if not user.is_active:
        return None
    wanted = NotificationPreference.objects.filter(user=user, kind=kind).first()
    in_app = wanted.in_app if wanted else True
    digest = wanted.digest if wanted else True
    if not (in_app or digest):
        return None
    try:
        with transaction.atomic():
            return Notification.objects.create(
                user=user,
                kind=kind,
                text=text,
                params={name: _plain(value) for name, value in (params or {}).items()},
                url=url,
                dedupe=dedupe[:120],
                in_app=in_app,
                # What the digest must not mention counts as mailed.
                mailed_at=None if digest else timezone.now(),
            )
    except IntegrityError:
        return None


def mark_read(*, notification: Notification, actor: User) -> None:
    """Mark one of one's own notifications as read."""
    Notification.objects.filter(pk=notification.pk, user=actor, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, actor: User) -> int:
    """Mark everything under one's bell as read; returns how many were not."""
    return Notification.objects.filter(user=actor, read_at=None).update(read_at=timezone.now())


def _plain(value: Any) -> str | int:
    return value if isinstance(value, int) else str(value)
