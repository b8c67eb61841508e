"""Tasks: written, done, put off, and repeated exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.clock import today
from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from activities.constants import REPEAT_STEPS, Priority, Repeat
from activities.dates import first_after
from activities.models import Activity, Task
from activities.services.acts import Act, act
from activities.services.checks import check_contacts, check_deal, check_sees
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from customers.models import Contact, Customer
from deals.models import Deal


def create_task(
    *,
    title: str,
    due_on: date,
    actor: Any,
    assignee: Any = None,
    customer: Customer | None = None,
    deal: Deal | None = None,
    contact: Contact | None = None,
    notes: str = "",
    due_time: time | None = None,
    priority: int = Priority.NORMAL,
    repeat: str = Repeat.NONE,
    repeat_until: date | None = None,
    form_key: UUID | None = None,
) -> Act:
    """Write a task and tell the one who has to do it; one form sent twice is one task."""
    if form_key and (twice := _written(form_key)):
        return twice
    try:
        with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
            task = add_task(
                log,
                title=title,
                due_on=due_on,
                due_time=due_time,
                assignee=assignee or actor,
                customer=customer,
                deal=deal,
                contact=contact,
                notes=notes,
                priority=priority,
                repeat=repeat,
                repeat_until=repeat_until,
                form_key=form_key,
                actor=actor,
            )
            tell_assignee(task, actor)
    except IntegrityError:
        if form_key and (twice := _written(form_key)):
            return twice
        raise
    return act(task, log)


def add_task(
    log: ChangeLog,
    *,
    actor: Any,
    activity: Activity | None = None,
    assignee_field: str = "assignee",
    **fields: Any,
) -> Task:
    """Write a task within a change set already open."""
    task = Task(author=actor, activity=activity, **fields)
    check_sees(task.assignee, task.customer, field=assignee_field)
    check_deal(task.customer, task.deal)
    if task.contact:
        check_contacts(task.customer, [task.contact], field="contact")
    _start_rhythm(task)
    return log.create(task)


def edit_task(
    *, task: Task, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> Act:
    """Change a task. A new day or rhythm of a repeating task starts the rhythm anew from there."""
    values = {**values}
    customer = values.get("customer", task.customer)
    contact = values.get("contact", task.contact)
    before = task.assignee_id
    if values.get("assignee", task.assignee) != task.assignee or customer != task.customer:
        check_sees(values.get("assignee", task.assignee), customer, field="assignee")
    if contact and (contact != task.contact or customer != task.customer):
        check_contacts(customer, [contact], field="contact")
    deal = values.get("deal", task.deal)
    if (deal, customer) != (task.deal, task.customer):
        check_deal(customer, deal)
    repeat, due_on = values.get("repeat", task.repeat), values.get("due_on", task.due_on)
    if repeat != Repeat.NONE and (repeat, due_on) != (task.repeat, task.due_on):
        values |= {"series": uuid4(), "repeat_from": due_on, "scheduled_on": due_on}
    if repeat == Repeat.NONE:
        values["repeat_until"] = None
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(task, values, expected_version=expected_version)
        if task.assignee_id != before:
            tell_assignee(task, actor)
    return act(task, log)


def complete_task(*, task: Task, actor: Any, now: datetime | None = None) -> Act:
    """Tick a task off and write the next one of its series. Done already: nothing happens."""
    now = now or timezone.now()
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        current = Task._base_manager.select_for_update().get(pk=task.pk)
        if current.done_at is None and current.deleted_at is None:
            log.update(task, {"done_at": now, "done_by": actor})
            following = next_occurrence(task, done_on=today(now))
            if following:
                log.create(following)
    return act(task, log)


def reopen_task(*, task: Task, actor: Any) -> Act:
    """Make a task open again. What its completion brought forth stays; Undo would take it back."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(task, {"done_at": None, "done_by": None})
    return act(task, log)


def postpone_task(*, task: Task, due_on: date, actor: Any) -> Act:
    """Move one task to another day; a repeating one keeps its rhythm."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        current = Task._base_manager.select_for_update().get(pk=task.pk)
        if current.done_at is not None:
            raise RuleViolation(_("This task is done already."), field="due_on")
        log.update(task, {"due_on": due_on})
    return act(task, log)


def trash_task(*, task: Task, actor: Any) -> Act:
    """Move a task to the trash; of a repeating one this ends the series."""
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        log.trash(task)
    return act(task, log)


def next_occurrence(task: Task, *, done_on: date) -> Task | None:
    """The task after this one, not saved; None where the series ends or goes on already.

    Occurrences that went by while the task lay are left out: nobody ticks off ten missed days.
    """
    if not task.repeats or task.repeat_from is None or task.scheduled_on is None:
        return None
    months, days = REPEAT_STEPS[Repeat(task.repeat)]
    after = max(task.scheduled_on, task.due_on)
    on = first_after(task.repeat_from, months, days, after=after, not_before=done_on)
    if on is None or (task.repeat_until and on > task.repeat_until):
        return None
    later = Task.objects.alive().filter(series=task.series, scheduled_on__gt=task.scheduled_on)
    if later.exists():
        return None
    return Task(**{name: getattr(task, name) for name in _CARRIED}, due_on=on, scheduled_on=on)


_CARRIED = (
    "title", "notes", "customer_id", "deal_id", "contact_id", "assignee_id", "author_id", "due_time",
    "priority", "repeat", "repeat_until", "series", "repeat_from",
)  # fmt: skip


def _start_rhythm(task: Task) -> None:
    if task.repeats:
        task.series, task.repeat_from, task.scheduled_on = uuid4(), task.due_on, task.due_on
    else:
        task.repeat_until = None


def _written(form_key: UUID) -> Act | None:
    found = Task.objects.alive().filter(form_key=form_key).select_related("origin").first()
    return Act(found, found.origin) if found else None


def tell_assignee(task: Task, actor: Any) -> None:
    """A line under the bell for somebody who got a task from somebody else."""
    if task.assignee_id == actor.pk:
        return
    notify(
        user=task.assignee,
        kind=NotificationKind.ASSIGNED,
        text=gettext_noop("%(actor)s gave you a task: %(title)s"),
        params={"actor": str(actor), "title": task.title},
        url=reverse("activities:task_update", args=[task.pk]),
        dedupe=f"task-assigned:{task.pk}:{task.version}",
    )
