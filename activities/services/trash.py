"""Bringing activities and tasks back, and emptying their trash after 90 days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import organisation_zone
from activities.models import Activity, Attachment, CadencePlan, Task
from core.changes import change_set, label_of
from core.models import Change, ChangeSet, Record
from core.nightly import nightly_step
from core.trash import TrashKind, register_trash
from customers.constants import TRASH_DAYS

# Files before the activities they hang on.
PURGED: tuple[type[Record], ...] = (Attachment, Task, CadencePlan, Activity)
STEP = 500


def register() -> None:
    """Called once when the app is ready."""
    register_trash(TrashKind("activities", _("Activities"), Activity, restore))
    register_trash(TrashKind("tasks", _("Tasks"), Task, restore))


def restore(record: Record, *, actor: Any) -> ChangeSet:
    """Take an activity with its files, or a task, out of the trash."""
    with change_set(kind=ChangeSet.Kind.RESTORE, actor=actor) as log:
        trashed_at = record.deleted_at
        log.restore(record)
        if isinstance(record, Activity) and trashed_at:
            # Files went a moment before it; those removed one by one earlier stay removed.
            near = (trashed_at - timedelta(seconds=10), trashed_at)
            for file in record.attachments.filter(deleted_at__range=near):
                log.restore(file)
    return log.row


@nightly_step("activities.empty_trash")
def empty_trash(day: date) -> dict[str, int]:
    """Remove for good what has been in the trash for 90 days, or whose customer has been.

    It runs before the customers' own step, which then finds nothing of ours in its way. What
    belongs to a customer who stays because of orders stays too.
    """
    limit = datetime.combine(day - timedelta(days=TRASH_DAYS), time.min, organisation_zone())
    gone = Q(deleted_at__lt=limit) | Q(customer__deleted_at__lt=limit, customer__orders__isnull=True)
    return {label_of(model): _purge(model, gone) for model in PURGED}


def _purge(model: type[Record], gone: Q) -> int:
    ids = list(model._base_manager.filter(gone).order_by("pk").values_list("pk", flat=True).distinct())
    removed = 0
    for start in range(0, len(ids), STEP):
        chunk = ids[start : start + STEP]
        try:
            model._base_manager.filter(pk__in=chunk).delete()
        except ProtectedError:
            continue
        Change.objects.filter(model=label_of(model), object_id__in=chunk).delete()
        removed += len(chunk)
    return removed
