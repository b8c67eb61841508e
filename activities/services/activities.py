"""Logging what happened with a customer, in one step with what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.constants import ActivityKind, Direction
from activities.models import Activity
from activities.services.acts import Act, act
from activities.services.attachments import attach
from activities.services.checks import check_contacts, check_deal
from activities.services.tasks import add_task, tell_assignee
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.files import forget_files
from core.models import ChangeSet
from customers.models import Contact, Customer
from deals.models import Deal

# A clock that runs a little fast is no plan.
TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class NextStep:
    """The task that follows from an activity."""

    title: str
    due_on: date
    due_time: time | None = None
    assignee: Any = None


def log_activity(
    *,
    customer: Customer,
    kind: str,
    actor: Any,
    at: datetime | None = None,
    direction: str = Direction.OUT,
    subject: str = "",
    body: str = "",
    outcome: str = "",
    duration_minutes: int | None = None,
    contacts: Iterable[Contact] = (),
    users: Iterable[Any] = (),
    files: Iterable[UploadedFile] = (),
    next_step: NextStep | None = None,
    form_key: UUID | None = None,
    deal: Deal | None = None,
) -> Act:
    """Write an activity, its files and its next step as one act with one Undo.

    The same `form_key` again (a double click, a reloaded page) answers with what was written.
    """
    if form_key and (twice := _logged(form_key)):
        return twice
    activity = Activity(
        kind=kind,
        at=at or timezone.now(),
        direction=Direction.NONE if kind == ActivityKind.NOTE else direction,
        subject=subject,
        body=body,
        outcome=outcome,
        duration_minutes=duration_minutes,
        customer=customer,
        deal=deal,
        author=actor,
        form_key=form_key,
    )
    check_activity(activity)
    contacts = list(contacts)
    check_contacts(customer, contacts, field="contacts")
    check_deal(customer, deal)
    stored: list[str] = []
    try:
        with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
            log.create(activity)
            activity.contacts.set(contacts)
            activity.users.set(users)
            for file in files:
                attachment = attach(log, file=file, customer=customer, activity=activity)
                stored.append(str(attachment.file.name))
            if next_step:
                _plan(log, activity, next_step, actor)
    except IntegrityError:
        forget_files(stored)
        if form_key and (twice := _logged(form_key)):
            return twice
        raise
    except BaseException:
        forget_files(stored)
        raise
    return act(activity, log)


def edit_activity(
    *, activity: Activity, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> Act:
    """Change an activity; its customer stays."""
    values = {**values}
    if values.get("kind", activity.kind) == ActivityKind.NOTE:
        values["direction"] = Direction.NONE
    plain = {name: value for name, value in values.items() if name not in ("contacts", "users")}
    draft = Activity(**{name: plain.get(name, getattr(activity, name)) for name in _CONTENT})
    check_activity(draft)
    if values.get("deal") is not None and values["deal"] != activity.deal:
        check_deal(activity.customer, values["deal"])
    if "contacts" in values:
        values["contacts"] = list(values["contacts"])
        before = set(activity.contacts.values_list("pk", flat=True))
        new = [contact for contact in values["contacts"] if contact.pk not in before]
        check_contacts(activity.customer, new, field="contacts")
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(activity, values, expected_version=expected_version)
    return act(activity, log)


def trash_activity(*, activity: Activity, actor: Any) -> Act:
    """Move an activity and its files to the trash; the next steps that came of it stay."""
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        for attachment in activity.attachments.alive():
            log.trash(attachment)
        log.trash(activity)
    return act(activity, log)


def needs_no_answer(*, activity: Activity, actor: Any) -> Act:
    """Say that a customer's message is dealt with."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        if activity.handled_at is None:
            log.update(activity, {"handled_at": timezone.now()})
    return act(activity, log)


_CONTENT = ("kind", "at", "subject", "body", "outcome", "direction", "duration_minutes")


def check_activity(activity: Activity) -> None:
    """Only a meeting can lie ahead, and a note says something."""
    if activity.kind != ActivityKind.MEETING and activity.at > timezone.now() + TOLERANCE:
        raise RuleViolation(
            _("Only a meeting can lie in the future. Plan anything else as the next step."), field="at"
        )
    if activity.kind == ActivityKind.NOTE and not (activity.subject.strip() or activity.body.strip()):
        raise RuleViolation(_("Write something in the note."), field="subject")


def _logged(form_key: UUID) -> Act | None:
    found = Activity.objects.alive().filter(form_key=form_key).select_related("origin").first()
    return Act(found, found.origin) if found else None


def _plan(log: ChangeLog, activity: Activity, step: NextStep, actor: Any) -> None:
    task = add_task(
        log,
        title=step.title,
        due_on=step.due_on,
        due_time=step.due_time,
        assignee=step.assignee or actor,
        customer=activity.customer,
        deal=activity.deal,
        activity=activity,
        actor=actor,
        assignee_field="next_assignee",
    )
    tell_assignee(task, actor)
