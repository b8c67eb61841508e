"""What the relationship history knows about a customer or contact, and how it forgets it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Notification
from activities.models import Activity, Attachment, CadencePlan, Task
from activities.services.derived import refresh_contacts, refresh_customers
from core.changes import ChangeLog, label_of
from core.files import forget_files
from core.models import Change, ChangeSet, Record
from core.personal_data import register_eraser, register_source
from customers.models import Customer

STEP = 500


def register() -> None:
    """Called once when the app is ready."""
    for label in ("customers.customer", "customers.contact"):
        register_source(label, "activities", gettext_lazy("Activities"), rows=_activity_rows)
        register_source(label, "tasks", gettext_lazy("Tasks"), rows=_task_rows)
        register_source(label, "attachments", gettext_lazy("Files"), rows=_file_rows)
        register_source(label, "task_notices", gettext_lazy("Notifications"), rows=_notice_rows)
        register_eraser(label, forget)
    register_source("customers.customer", "cadence", gettext_lazy("Keeping in touch"), rows=_cadence_rows)


# What belongs to somebody, the trash included


def _activities(record: Any) -> QuerySet[Activity]:
    """Of a customer, all; of a contact, those they took part in."""
    rows = Activity._base_manager.all()
    mine = {"customer": record} if isinstance(record, Customer) else {"contacts": record}
    return rows.filter(**mine).order_by("pk")


def _tasks(record: Any) -> QuerySet[Task]:
    """Their own, and the next steps that came out of their activities."""
    whose = Q(customer=record) if isinstance(record, Customer) else Q(contact=record)
    came_from = Q(activity__in=_activities(record).order_by().values("pk"))
    return Task._base_manager.filter(whose | came_from).order_by("pk")


def _files(record: Any) -> QuerySet[Attachment]:
    whose = Q(activity__in=_activities(record).order_by().values("pk"))
    if isinstance(record, Customer):
        whose |= Q(customer=record)
    return Attachment._base_manager.filter(whose).order_by("pk")


def _notices(tasks: Iterable[int]) -> QuerySet[Notification]:
    return Notification.objects.filter(url__in=[reverse("activities:task_update", args=[pk]) for pk in tasks])


# Handing out


def _activity_rows(record: Any) -> Iterator[dict[str, Any]]:
    rows = _activities(record).select_related("author", "customer").prefetch_related("contacts", "users")
    for row in rows.iterator(STEP):
        yield {
            "at": row.at,
            "kind": row.get_kind_display(),
            "direction": row.get_direction_display(),
            "customer": str(row.customer),
            "subject": row.subject,
            "body": row.body,
            "outcome": row.outcome,
            "minutes": row.duration_minutes,
            "by": str(row.author or ""),
            "contacts": [contact.name for contact in row.contacts.all()],
            "colleagues": [str(user) for user in row.users.all()],
            "in_trash_since": row.deleted_at,
        }


def _task_rows(record: Any) -> Iterator[dict[str, Any]]:
    for row in _tasks(record).select_related("assignee", "contact").iterator(STEP):
        yield {
            "due_on": row.due_on,
            "title": row.title,
            "notes": row.notes,
            "assignee": str(row.assignee),
            "contact": str(row.contact or ""),
            "done_at": row.done_at,
            "in_trash_since": row.deleted_at,
        }


def _file_rows(record: Any) -> Iterator[dict[str, Any]]:
    for row in _files(record).select_related("author"):
        yield {
            "name": row.name,
            "size": row.size,
            "type": row.content_type,
            "by": str(row.author or ""),
            "kept_since": row.created_at,
            "in_trash_since": row.deleted_at,
        }


def _notice_rows(record: Any) -> Iterator[dict[str, Any]]:
    for row in _notices(_tasks(record).values_list("pk", flat=True)).select_related("user").order_by("pk"):
        yield {"to": str(row.user), "at": row.created_at, "text": row.message}


def _cadence_rows(record: Any) -> Iterator[dict[str, Any]]:
    for row in CadencePlan._base_manager.filter(customer=record).order_by("pk"):
        yield {
            "every": row.get_interval_display(),
            "by": row.get_channel_display(),
            "starts_on": row.starts_on,
            "next_on": row.next_on,
            "in_trash_since": row.deleted_at,
        }


# Forgetting


def forget(record: Any, log: ChangeLog) -> None:
    """Blank what was said and written; when it was and by whom stays for the figures.

    Written past the log on purpose: it must not keep the values that are being erased.
    """
    tasks = list(_tasks(record).values_list("pk", flat=True))
    activities = list(_activities(record).values_list("pk", flat=True))
    customers = _customers_of(activities, tasks)
    _forget_files(record)
    _blank(Activity, activities, subject="", body="", outcome="")
    _blank(Task, tasks, title=_("Erased"), notes="")
    if isinstance(record, Customer):
        plans = CadencePlan._base_manager.filter(customer=record)
        _forget_changes(CadencePlan, list(plans.values_list("pk", flat=True)))
        plans.delete()
    for chunk in _chunks(tasks):
        _notices(chunk).delete()
    refresh_customers(customers)
    if not isinstance(record, Customer):
        refresh_contacts([record.pk])
    record.refresh_from_db()


def _customers_of(activities: list[int], tasks: list[int]) -> set[int]:
    """Whose next step may have been one of these."""
    found: set[int | None] = set()
    for model, ids in ((Activity, activities), (Task, tasks)):
        for chunk in _chunks(ids):
            found.update(model._base_manager.filter(pk__in=chunk).values_list("customer_id", flat=True))
    return {pk for pk in found if pk}


def _blank(model: type[Record], ids: list[int], **values: Any) -> None:
    for chunk in _chunks(ids):
        rows = model._base_manager.filter(pk__in=chunk)
        rows.update(**values, version=F("version") + 1, updated_at=timezone.now())
    _forget_changes(model, ids)


def _forget_files(record: Any) -> None:
    rows = list(_files(record).values_list("pk", "file"))
    ids = [pk for pk, _name in rows]
    _forget_changes(Attachment, ids)
    for chunk in _chunks(ids):
        Attachment._base_manager.filter(pk__in=chunk).delete()
    # Once it is sure that no row comes back; if the process dies before, the nightly sweep does it.
    transaction.on_commit(lambda: forget_files([name for _pk, name in rows]))


def _forget_changes(model: type[Record], ids: list[int]) -> None:
    """The log of these rows, and the reasons given for acts on them alone."""
    for chunk in _chunks(ids):
        changes = Change.objects.filter(model=label_of(model), object_id__in=chunk)
        many = (ChangeSet.Kind.IMPORT, ChangeSet.Kind.BULK, ChangeSet.Kind.DEMO, ChangeSet.Kind.SYSTEM)
        acts = ChangeSet.objects.filter(
            Q(pk__in=changes.order_by().values("change_set"))
            | Q(pk__in=model._base_manager.filter(pk__in=chunk).values("origin"))
        )
        acts.exclude(reason="").exclude(kind__in=many).update(reason="")
        changes.delete()


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), STEP):
        yield ids[start : start + STEP]
