"""What customers, contacts and cadence plans know of their activities, worked out from the rows.

Always computed anew, never added or subtracted, so that undo, import and merge keep it right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone

from accounts.clock import organisation_zone
from activities.constants import CONTACT_KINDS, INTERVAL_STEPS, ActivityKind, Interval
from activities.dates import step
from activities.models import Activity, CadencePlan, Task
from core.changes import CHUNK, label_of, refresh_with
from core.models import Change, Record
from customers.models import Contact, Customer
from customers.services.owned import write_last_contacted, write_owned_many
from deals.models import Deal
from deals.services.owned import write_last_activity, write_next_step


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Activity, refresh_after_activities, removals=True)
    refresh_with(Task, refresh_after_tasks, removals=True)
    refresh_with(CadencePlan, refresh_after_plans)


def refresh_after_activities(ids: set[int]) -> None:
    refresh_customers(_ever(Activity, "customer_id", ids))
    refresh_deals(_ever(Activity, "deal_id", ids))
    refresh_contacts(_ever_contacts(ids))


def refresh_after_tasks(ids: set[int]) -> None:
    refresh_customers(_ever(Task, "customer_id", ids))
    refresh_deals(_ever(Task, "deal_id", ids))


def refresh_after_plans(ids: set[int]) -> None:
    refresh_customers(_ever(CadencePlan, "customer_id", ids))


def refresh_customers(ids: Iterable[int]) -> None:
    """Last contact, next step and cadence of these customers."""
    now = timezone.now()
    for chunk in _chunks(ids):
        # The lock makes two people who write at once count each other's rows.
        locked = Customer._base_manager.select_for_update(no_key=True).filter(pk__in=chunk)
        list(locked.order_by("pk").values_list("pk", flat=True))
        contacts = _contacts_by_kind(chunk, now)
        steps = _next_steps("customer_id", chunk, now)
        write_owned_many(
            {
                pk: {
                    "last_contacted_at": max(contacts.get(pk, {}).values(), default=None),
                    "next_step": steps[pk][1] if pk in steps else "",
                    "next_step_on": steps[pk][0] if pk in steps else None,
                }
                for pk in chunk
            }
        )
        _refresh_plans(chunk, contacts)


def refresh_deals(ids: Iterable[int]) -> None:
    """What comes next on these deals, and when something last happened: an activity, or a task done."""
    now = timezone.now()
    for chunk in _chunks(ids):
        locked = Deal._base_manager.select_for_update(no_key=True).filter(pk__in=chunk)
        list(locked.order_by("pk").values_list("pk", flat=True))
        steps = _next_steps("deal_id", chunk, now)
        write_next_step({pk: (steps[pk][1], steps[pk][0]) if pk in steps else ("", None) for pk in chunk})
        happened = Activity._base_manager.filter(deal__in=chunk, deleted_at=None, at__lte=now).order_by()
        done = Task._base_manager.filter(deal__in=chunk, deleted_at=None, done_at__isnull=False).order_by()
        last = dict(happened.values_list("deal_id").annotate(Max("at")))
        for pk, at in done.values_list("deal_id").annotate(Max("done_at")):
            last[pk] = max(at, last.get(pk, at))
        write_last_activity({pk: last.get(pk) for pk in chunk})


def refresh_contacts(ids: Iterable[int]) -> None:
    """When each of these people was last in touch."""
    now = timezone.now()
    for chunk in _chunks(ids):
        locked = Contact._base_manager.select_for_update(no_key=True).filter(pk__in=chunk)
        list(locked.order_by("pk").values_list("pk", flat=True))
        rows = Activity._base_manager.filter(
            contacts__in=chunk, deleted_at=None, kind__in=CONTACT_KINDS, at__lte=now
        ).order_by()
        last = dict(rows.values_list("contacts").annotate(Max("at")))
        write_last_contacted({pk: last.get(pk) for pk in chunk})


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _contacts_by_kind(customers: list[int], now: datetime) -> dict[int, dict[str, datetime]]:
    rows = Activity._base_manager.filter(
        customer__in=customers, deleted_at=None, kind__in=CONTACT_KINDS, at__lte=now
    ).order_by()
    found: dict[int, dict[str, datetime]] = {}
    for customer, kind, at in rows.values_list("customer_id", "kind").annotate(Max("at")):
        found.setdefault(customer, {})[kind] = at
    return found


def _next_steps(link: str, ids: list[int], now: datetime) -> dict[int, tuple[date, str]]:
    """The earliest open task or meeting ahead of each customer or deal; `link` is the column."""
    zone = organisation_zone()
    found: dict[int, tuple[date, time, str]] = {}
    tasks = Task._base_manager.filter(**{f"{link}__in": ids}, deleted_at=None, done_at=None)
    for owner, on, at, title in tasks.order_by(link, "due_on", "due_sort", "pk").values_list(
        link, "due_on", "due_sort", "title"
    ):
        found.setdefault(owner, (on, at, title))
    meetings = Activity._base_manager.filter(
        **{f"{link}__in": ids}, deleted_at=None, kind=ActivityKind.MEETING, at__gt=now
    )
    seen: set[int] = set()
    for meeting in meetings.order_by(link, "at", "pk").only(link, "at", "subject", "body", "kind"):
        owner = getattr(meeting, link)
        if owner in seen:
            continue
        seen.add(owner)
        local = meeting.at.astimezone(zone)
        step_ = (local.date(), local.time(), meeting.title)
        if owner not in found or step_[:2] < found[owner][:2]:
            found[owner] = step_
    return {owner: (on, title) for owner, (on, _at, title) in found.items()}


def _refresh_plans(customers: list[int], contacts: dict[int, dict[str, datetime]]) -> None:
    zone = organisation_zone()
    changed = []
    for plan in CadencePlan._base_manager.filter(customer__in=customers, deleted_at=None):
        made = contacts.get(plan.customer_id, {})
        last = made.get(plan.channel) if plan.channel else max(made.values(), default=None)
        last_on = last.astimezone(zone).date() if last else None
        new = (last_on, next_contact(plan, last_on))
        if new != (plan.last_on, plan.next_on):
            plan.last_on, plan.next_on = new
            changed.append(plan)
    CadencePlan._base_manager.bulk_update(changed, ["last_on", "next_on"], batch_size=500)


def next_contact(plan: CadencePlan, last_on: date | None) -> date:
    """One interval after the last contact, but not before the first time or a day it was put off to."""
    days = [plan.starts_on]
    if last_on:
        days.append(step(last_on, *INTERVAL_STEPS[Interval(plan.interval)], 1))
    if plan.not_before:
        days.append(plan.not_before)
    return max(days)


def _ever(model: type[Record], column: str, ids: set[int]) -> set[int]:
    """Values of a link these rows have or ever had: a merge and its undo move rows between owners."""
    rows = model._base_manager.filter(pk__in=ids).values_list(column, flat=True)
    found = set(rows)
    for before, after in _changes(model, column, ids):
        found |= {before.get(column), after.get(column)}
    return {value for value in found if value}


def _ever_contacts(ids: set[int]) -> set[int]:
    through = Activity.contacts.through._default_manager.filter(activity__in=ids)
    found = set(through.values_list("contact_id", flat=True))
    for before, after in _changes(Activity, "contacts", ids):
        found |= {*before.get("contacts", []), *after.get("contacts", [])}
    return found


def _changes(model: type[Record], column: str, ids: set[int]) -> Iterator[tuple[Any, Any]]:
    told = Change.objects.filter(Q(after__has_key=column), model=label_of(model), object_id__in=ids)
    return told.order_by().values_list("before", "after").iterator()
