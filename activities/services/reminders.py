"""What the clock brings: tasks and follow-ups that fall due, meetings that become past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.clock import organisation_zone, today
from accounts.models import Notification
from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from activities.constants import ActivityKind
from activities.models import Activity, CadencePlan, Task
from activities.services.derived import refresh_contacts, refresh_customers, refresh_deals
from core.jobs import Running, job_handler

KIND = "activities.remind"
MORNING = 7  # o'clock in the organisation's time zone
LOOK_BACK = timedelta(hours=26)
STEP = 500


class Reminder(NamedTuple):
    user: Any
    kind: str
    text: str
    params: dict[str, str]
    url: str
    dedupe: str


@job_handler(KIND)
def remind(job: Running) -> dict[str, int]:
    """Woken every hour; what it has said once it does not say again."""
    now = timezone.now()
    counts = {"meetings": close_meetings(now), "reminders": 0}
    if now.astimezone(organisation_zone()).hour >= MORNING:
        day = today(now)
        counts["reminders"] = _send(due_tasks(day)) + _send(due_cadences(day))
    job.step(message=str(counts["reminders"]))
    return counts


def close_meetings(now: datetime) -> int:
    """A planned meeting that has taken place is the last contact and no next step any more."""
    ended = Activity.objects.alive().filter(kind=ActivityKind.MEETING, at__gt=now - LOOK_BACK, at__lte=now)
    customers = set(ended.order_by().values_list("customer_id", flat=True))
    refresh_customers(customers)
    refresh_deals(set(ended.order_by().filter(deal__isnull=False).values_list("deal_id", flat=True)))
    contacts = ended.order_by().filter(contacts__isnull=False).values_list("contacts", flat=True)
    refresh_contacts(set(contacts))
    return len(customers)


def due_tasks(day: date) -> Iterator[Reminder]:
    rows = Task.objects.alive().open().filter(due_on=day, assignee__is_active=True)
    for task in _in_steps(rows.select_related("assignee")):
        yield Reminder(
            task.assignee,
            NotificationKind.TASK_DUE,
            gettext_noop("Due today: %(title)s"),
            {"title": task.title},
            reverse("activities:task_update", args=[task.pk]),
            f"task-due:{task.pk}:{task.due_on}",
        )


def due_cadences(day: date) -> Iterator[Reminder]:
    rows = CadencePlan.objects.alive().filter(
        next_on=day, customer__deleted_at=None, customer__owner__is_active=True
    )
    for plan in _in_steps(rows.select_related("customer__owner")):
        yield Reminder(
            plan.customer.owner,
            NotificationKind.CADENCE,
            gettext_noop("Time to be in touch with %(customer)s"),
            {"customer": str(plan.customer)},
            reverse("activities:timeline", args=[plan.customer_id]),
            f"cadence-due:{plan.pk}:{plan.next_on}",
        )


def _in_steps(rows: QuerySet) -> Iterator[Any]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:STEP]):
        yield from page
        last = page[-1].pk


def _send(reminders: Iterable[Reminder]) -> int:
    sent = 0
    batch: list[Reminder] = []
    for reminder in reminders:
        batch.append(reminder)
        if len(batch) == STEP:
            sent += _send_batch(batch)
            batch = []
    return sent + _send_batch(batch)


def _send_batch(batch: list[Reminder]) -> int:
    keys = [reminder.dedupe for reminder in batch]
    said = set(Notification.objects.filter(dedupe__in=keys).values_list("user_id", "dedupe"))
    new = [reminder for reminder in batch if (reminder.user.pk, reminder.dedupe) not in said]
    for reminder in new:
        notify(**reminder._asdict())
    return len(new)
