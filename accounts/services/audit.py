"""The security log: who did what to whose access, and from where."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import AuditEntry, User
from core.nightly import nightly_step

KEEP_DAYS = 730


def record(
    act: str,
    *,
    actor: User | None = None,
    subject: User | None = None,
    ip: str | None = None,
    **details: Any,
) -> AuditEntry:
    """Add one line. `details` holds plain values, never a secret."""
    return AuditEntry.objects.create(act=act, actor=actor, subject=subject, ip=ip or None, details=details)


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The values that differ, as ``{"role": ["sales", "manager"]}``."""
    return {name: [before[name], after[name]] for name in after if before.get(name) != after[name]}


@nightly_step("accounts.forget_old_audit")
def forget_old_entries(day: date) -> int:
    """Drop lines older than two years: they are personal data too."""
    limit = timezone.now() - timedelta(days=KEEP_DAYS)
    return AuditEntry.objects.filter(at__lt=limit).delete()[0]
