"""What a person owns, and giving it to somebody else.

Apps above say which of their records have an owner, from ``AppConfig.ready``:

    handover.register(Customer, "owner")
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_noop

from core.changes import change_set
from core.jobs import Running, job_handler
from core.models import ChangeSet, Record

JOB = "accounts.hand_over"
CHUNK = 1000

_owned: dict[tuple[str, str], type[models.Model]] = {}


def register(model: type[models.Model], field: str) -> None:
    """Records of `model` belong to the person their foreign key `field` names."""
    _owned[model._meta.label_lower, field] = model


def registered() -> list[tuple[type[models.Model], str]]:
    """All models and fields, in the order they were registered."""
    return [(model, field) for (_label, field), model in _owned.items()]


def count_records(person: Any) -> int:
    """How many records a person owns, those in the trash among them."""
    return sum(model._base_manager.filter(**{field: person.pk}).count() for model, field in registered())


@job_handler(JOB)
def hand_over_records(job: Running) -> dict[str, Any]:
    """Move records step by step. A step done twice finds nothing left to move."""
    from accounts.models import User
    from accounts.services.notifications import notify

    person = User.objects.get(pk=job.arguments["person"])
    heir = User.objects.get(pk=job.arguments["heir"])
    done = job.job.done
    change = _change_set(job, person)
    for model, field in registered():
        while True:
            with transaction.atomic():
                moved = _move_some(model, field, person, heir, change)
                done += moved
                job.step(done=done, cursor=change.pk)
            if not moved:
                break
    if done:
        notify(
            user=heir,
            kind="assigned",
            text=gettext_noop("%(count)s records of %(name)s are now yours"),
            params={"count": done, "name": str(person)},
            dedupe=f"{JOB}:{job.job.pk}",
        )
    else:
        change.delete()
    return {"moved": done}


def _change_set(job: Running, person: Any) -> ChangeSet:
    if job.cursor:
        return ChangeSet.objects.get(pk=job.cursor)
    return ChangeSet.objects.create(kind=ChangeSet.Kind.BULK, actor=job.actor, reason=f"{person} →"[:300])


def _move_some(model: type[models.Model], field: str, person: Any, heir: Any, change: ChangeSet) -> int:
    rows = model._base_manager.filter(**{field: person.pk}).order_by("pk")
    some = model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)[:CHUNK]))
    if not issubclass(model, Record):
        return some.update(**{field: heir})
    with change_set(kind=change.kind, actor=change.actor, existing=change) as log:
        log.update_queryset(some, {field: heir})
        return log.touched
