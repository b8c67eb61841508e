"""Competitors, objections and answers in the trash: in, out, and gone after 90 days."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.changes import change_set
from core.models import ChangeSet, Record
from core.nightly import nightly_step
from customers.services.trash import purge, trash_limit
from deals.models import Competitor, Objection


def trash(record: Record, *, actor: Any) -> ChangeSet:
    """Deals keep what was said of it; it is not offered any more."""
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        log.trash(record)
    return log.row


def restore(record: Record, *, actor: Any) -> ChangeSet:
    with change_set(kind=ChangeSet.Kind.RESTORE, actor=actor) as log:
        log.restore(record)
    return log.row


@nightly_step("deals.empty_library_trash")
def empty_library_trash(day: date) -> int:
    """Remove for good what has been in the trash for 90 days and no deal needs. Safe to run twice."""
    limit = trash_limit(day)
    return purge(Competitor, limit) + purge(Objection, limit)
