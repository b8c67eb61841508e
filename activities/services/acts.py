"""What every service of this app answers with."""

from __future__ import annotations

from typing import Any, NamedTuple

from core.changes import ChangeLog
from core.models import ChangeSet


class Act(NamedTuple):
    """The record, and the change set that Undo takes back; None where nothing had to be done."""

    record: Any
    change_set: ChangeSet | None


def act(record: Any, log: ChangeLog) -> Act:
    """The answer at the end of a change set; one that changed nothing has been removed."""
    return Act(record, log.row if log.row.pk else None)
