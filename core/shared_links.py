"""Links for people without a log-in: signed, ending on a day, revocable at once."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from core.models import SharedLink


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"core.shared_links.{purpose}", sep=".")


def make_link(*, purpose: str, object_id: int, actor: Any, expires_at: datetime) -> SharedLink:
    """A new link; the links there were for the same thing are revoked."""
    with transaction.atomic():
        revoke_links(purpose=purpose, object_id=object_id)
        return SharedLink.objects.create(
            purpose=purpose,
            object_id=object_id,
            nonce=secrets.token_hex(16),
            created_by=actor,
            expires_at=expires_at,
        )


def live_link(*, purpose: str, object_id: int) -> SharedLink | None:
    """The link in force, if there is one."""
    links = SharedLink.objects.filter(purpose=purpose, object_id=object_id, revoked_at__isnull=True)
    return links.filter(expires_at__gt=timezone.now()).first()


def revoke_links(*, purpose: str, object_id: int) -> int:
    """End every link to this thing; returns how many were live."""
    links = SharedLink.objects.filter(purpose=purpose, object_id=object_id, revoked_at__isnull=True)
    return links.update(revoked_at=timezone.now())


def token(link: SharedLink) -> str:
    """What stands in the address."""
    return _signer(link.purpose).sign(f"{link.pk}-{link.nonce}")


def resolve(value: str, *, purpose: str) -> SharedLink | None:
    """The live link of a token; None where it is forged, revoked or over (one answer for all three)."""
    try:
        text = _signer(purpose).unsign(value)
    except BadSignature:
        return None
    pk, _, nonce = text.partition("-")
    link = SharedLink.objects.filter(pk=int(pk), purpose=purpose, nonce=nonce).first()
    return link if link is not None and link.is_live(timezone.now()) else None


def note_opened(link: SharedLink) -> None:
    """Remember that somebody looked."""
    now = timezone.now()
    SharedLink.objects.filter(pk=link.pk).update(
        first_opened_at=link.first_opened_at or now, last_opened_at=now
    )
