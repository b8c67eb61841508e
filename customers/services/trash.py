"""Moving customers and contacts to the trash and back, and emptying it after 90 days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts.clock import organisation_zone
from core.changes import change_set, label_of
from core.models import Change, ChangeSet, Record
from core.nightly import nightly_step
from customers.constants import TRASH_DAYS
from customers.models import Contact, Customer

PURGED: tuple[type[Record], ...] = (Contact, Customer)


def trash_record(record: Record, *, actor: Any, reason: str = "") -> ChangeSet:
    """Move a record to the trash. Its parts stay with it and come back with it."""
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor, reason=reason) as log:
        log.trash(record)
    return log.row


def restore_record(record: Record, *, actor: Any) -> ChangeSet:
    """Take a record out of the trash. Raises ValidationError where its place is taken."""
    with change_set(kind=ChangeSet.Kind.RESTORE, actor=actor) as log:
        log.restore(record)
    return log.row


@nightly_step("customers.empty_trash")
def empty_trash(day: date) -> dict[str, int]:
    """Remove for good what has been in the trash for 90 days; safe to run twice.

    What other records still need (orders) stays: revenue does not vanish with its customer.
    """
    limit = trash_limit(day)
    return {label_of(model): purge(model, limit) for model in PURGED}


def trash_limit(day: date) -> datetime:
    """What went to the trash before this moment is removed on this day."""
    return datetime.combine(day - timedelta(days=TRASH_DAYS), time.min, organisation_zone())


def purge(model: type[Record], limit: datetime) -> int:
    """Remove for good what was in the trash before this moment, but for what others still need."""
    count = 0
    for pk in model._base_manager.filter(deleted_at__lt=limit).order_by("pk").values_list("pk", flat=True):
        try:
            model._base_manager.filter(pk=pk, deleted_at__lt=limit).delete()
        except ProtectedError:
            continue
        forget_history(model, pk)
        count += 1
    return count


def forget_history(model: type[models.Model], pk: int) -> None:
    """The log holds the values of records; those of removed ones go with them."""
    label = label_of(model)
    Change.objects.filter(Q(model=label, object_id=pk) | Q(root_model=label, root_id=pk)).delete()


def days_left(record: Record) -> int:
    """Days until the record is removed for good."""
    assert record.deleted_at is not None
    return max(0, TRASH_DAYS - (timezone.now() - record.deleted_at).days)
