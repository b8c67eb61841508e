"""Duties with a day and somebody responsible are followed up by a task.

Tasks are kept by an app above this one, which registers how:

    follow_ups.register(keep_task)
"""

from __future__ import annotations

from collections.abc import Callable

from core.changes import ChangeLog
from deals.models import Obligation

Keeper = Callable[[Obligation, ChangeLog], None]
_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """`keeper(obligation, log)` makes, changes or ends the task, in the act that changed the duty."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def follow_up(obligation: Obligation, log: ChangeLog) -> None:
    """Bring what follows a duty into step with it."""
    for keeper in _keepers:
        keeper(obligation, log)
