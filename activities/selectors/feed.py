"""One person's calendar: open tasks and meetings, as iCalendar (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.clock import organisation_zone
from activities.constants import ActivityKind, Priority, Repeat
from activities.models import Activity, Task
from activities.selectors.names import hide_unseen_customers

BEHIND, AHEAD = timedelta(days=90), timedelta(days=400)
LIMIT = 1000
DEFAULT_MINUTES = 30
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_of(user: Any, *, base_url: str, now: datetime) -> bytes:
    """The calendar of what this person may see today; the same data gives the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guanxi//CRM//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Guanxi")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for task in _tasks(user, now):
        for event in task_events(task, base_url):
            calendar.add_component(event)
    for meeting in _meetings(user, now):
        calendar.add_component(meeting_event(meeting, base_url))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _tasks(user: Any, now: datetime) -> list[Task]:
    rows = Task.objects.visible_to(user).open().filter(assignee=user).select_related("customer")
    rows = rows.filter(due_on__gte=(now - BEHIND).date(), due_on__lte=(now + AHEAD).date())
    return hide_unseen_customers(rows.in_order()[:LIMIT], user)


def _meetings(user: Any, now: datetime) -> list[Activity]:
    rows = Activity.objects.visible_to(user).filter(
        Q(author=user) | Q(users=user),
        kind=ActivityKind.MEETING,
        at__gte=now - BEHIND,
        at__lte=now + AHEAD,
    )
    return list(rows.select_related("customer").order_by("at", "pk").distinct()[:LIMIT])


def meeting_event(meeting: Activity, base_url: str) -> Event:
    event = _event(f"meeting-{meeting.pk}@guanxi", meeting, f"{meeting.title} · {meeting.customer}")
    start = meeting.at.astimezone(organisation_zone())
    event.add("dtstart", start)
    event.add("dtend", start + timedelta(minutes=meeting.duration_minutes or DEFAULT_MINUTES))
    event.add("url", f"{base_url}{meeting.customer.get_absolute_url()}")
    return event


def task_events(task: Any, base_url: str) -> list[Event]:
    """A task is an event of its day, or of its time. A repeating one that was put off is the
    series with this one occurrence moved (RECURRENCE-ID)."""
    customer = f" · {task.customer}" if getattr(task, "shows_customer", False) else ""
    summary = _("To do: %(title)s") % {"title": task.title} + customer
    uid = f"task-{task.series or task.pk}@guanxi"
    event = _task_event(task, uid, summary, task.scheduled_on if task.repeats else task.due_on, base_url)
    if not task.repeats:
        return [event]
    event.add("rrule", repeat_rule(task))
    if task.due_on == task.scheduled_on:
        return [event]
    moved = _task_event(task, uid, summary, task.due_on, base_url)
    moved.add("recurrence-id", _start(task, task.scheduled_on))
    return [event, moved]


def _task_event(task: Task, uid: str, summary: str, on: date | None, base_url: str) -> Event:
    assert on is not None
    event = _event(uid, task, summary)
    start = _start(task, on)
    event.add("dtstart", start)
    event.add("dtend", start + (timedelta(minutes=DEFAULT_MINUTES) if task.due_time else timedelta(days=1)))
    event.add("transp", "TRANSPARENT")
    event.add("priority", {Priority.HIGH: 1, Priority.NORMAL: 5, Priority.LOW: 9}[Priority(task.priority)])
    event.add("url", f"{base_url}{task.get_absolute_url()}")
    return event


def _event(uid: str, record: Any, summary: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", record.updated_at)
    event.add("last-modified", record.updated_at)
    event.add("sequence", record.version - 1)
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    return event


def _start(task: Task, on: date) -> date | datetime:
    if task.due_time is None:
        return on
    return datetime.combine(on, task.due_time, organisation_zone())


def repeat_rule(task: Task) -> dict[str, Any]:
    """The rhythm as an RRULE. A day that short months lack is the last one they have:
    the last (BYSETPOS=-1) of the days 28 up to it."""
    start = task.repeat_from
    assert start is not None
    rule: dict[str, Any] = {"freq": task.repeat}
    if task.repeat == Repeat.WEEKLY:
        rule["byday"] = WEEKDAYS[start.weekday()]
    elif task.repeat == Repeat.MONTHLY:
        rule |= _last_of(start.day)
    elif task.repeat == Repeat.YEARLY:
        leap_day = (start.month, start.day) == (2, 29)
        rule |= {"bymonth": start.month, **(_last_of(29) if leap_day else {"bymonthday": start.day})}
    if task.repeat_until:
        until = _start(task, task.repeat_until)
        rule["until"] = until.astimezone(UTC) if isinstance(until, datetime) else until
    return rule


def _last_of(day: int) -> dict[str, Any]:
    if day <= 28:
        return {"bymonthday": day}
    return {"bymonthday": list(range(28, day + 1)), "bysetpos": -1}
