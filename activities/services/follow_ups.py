"""The task that follows up a duty under a contract: made, changed and ended with the duty."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from activities.models import Task
from activities.services.tasks import tell_assignee
from core.changes import ChangeLog
from deals import follow_ups
from deals.models import Obligation


def register() -> None:
    """Called once when the app is ready."""
    follow_ups.register(keep_task)


def keep_task(obligation: Obligation, log: ChangeLog) -> None:
    """One open task while the duty has a day and somebody responsible and is not done; a duty that is
    done ends its task, one that went to the trash takes it along."""
    task = (
        Task._base_manager.select_for_update()
        .filter(obligation=obligation, done_at=None, deleted_at=None)
        .first()
    )
    wanted = obligation.due_on and obligation.responsible and not obligation.in_trash
    if obligation.done_on:
        if task is not None:
            log.update(task, {"done_at": timezone.now(), "done_by": log.actor})
    elif not wanted:
        if task is not None:
            log.trash(task)
    elif task is None:
        made = log.create(Task(obligation=obligation, author=log.actor, **_values(obligation)))
        if log.actor is not None:
            tell_assignee(made, log.actor)
    else:
        log.update(task, _values(obligation))


def _values(obligation: Obligation) -> dict[str, Any]:
    contract = obligation.contract
    return {
        "title": _("%(contract)s: %(duty)s") % {"contract": contract.number, "duty": obligation.text[:150]},
        "customer": contract.customer,
        "assignee": obligation.responsible,
        "due_on": obligation.due_on,
    }
