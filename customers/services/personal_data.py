"""What this app knows about a person or customer, and how it forgets it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import personal_data
from core.changes import ChangeLog, change_set, label_of
from core.exceptions import RuleViolation
from core.models import Change, ChangeSet
from core.search_index import forget_words
from customers.models import Contact, Customer
from customers.services.duplicates import PAIRS
from customers.services.traces import acts_on, forget_traces, import_rows, notices, traces_of
from customers.services.trash import forget_history

Kind = ChangeSet.Kind
INTERNAL = frozenset({"search_text", "sort_name", "origin", "version", "merged_into", "key"})
# What identifies somebody, and what it becomes.
BLANK_CUSTOMER: dict[str, Any] = {
    "given_name": "",
    "family_name": "",
    "external_id": "",
    "domain": "",
    "street": "",
    "postcode": "",
    "city": "",
    "birthday": None,
    "description": "",
    "campaign": "",
    "custom": {},
    "next_step": "",
}
KEPT_IF_SHARED = ("industry", "region", "country", "language")
BLANK_CONTACT: dict[str, Any] = {
    "given_name": "",
    "family_name": "",
    "external_id": "",
    "prefix": "",
    "job_title": "",
    "birthday": None,
    "description": "",
    "custom": {},
    "reports_to": None,
}


def register() -> None:
    """Called once when the app is ready."""
    for model in (Customer, Contact):
        label = label_of(model)
        personal_data.register_source(label, "record", gettext_lazy("Record"), rows=lambda r: [_row(r)])
        for name in ("methods", "consents", "memberships"):
            personal_data.register_source(label, name, name, rows=_related(name))
        personal_data.register_source(label, "tags", gettext_lazy("Tags"), rows=_tags)
        personal_data.register_source(label, "changes", gettext_lazy("Changes"), rows=_changes)
        personal_data.register_source(label, "imports", gettext_lazy("Rows of imports"), rows=_imports)
        personal_data.register_source(label, "notices", gettext_lazy("Notifications"), rows=_notices)
        personal_data.register_eraser(label, _forget)
    for name in ("important_dates", "relations"):
        personal_data.register_source("customers.contact", name, name, rows=_related(name))
    personal_data.register_source(
        "customers.customer", "stages", gettext_lazy("Lifecycle"), rows=_related("stage_changes")
    )


def _row(record: Model) -> dict[str, Any]:
    found = {}
    for field in record._meta.concrete_fields:
        if field.name in INTERNAL:
            continue
        value = getattr(record, field.attname)
        found[field.name] = str(getattr(record, field.name)) if field.is_relation and value else value
    return found


def _related(name: str) -> Any:
    def rows(record: Any) -> Iterator[dict[str, Any]]:
        for row in getattr(record, name).all().order_by("pk"):
            yield _row(row)

    return rows


def _tags(record: Any) -> list[dict[str, Any]]:
    return [{"name": tag.name} for tag in record.tags.all()]


def _changes(record: Any) -> Iterator[dict[str, Any]]:
    label = label_of(record)
    rows = Change.objects.filter(
        Q(model=label, object_id=record.pk) | Q(root_model=label, root_id=record.pk)
    ).select_related("change_set__actor")
    for row in rows.order_by("pk"):
        yield {
            "at": row.change_set.at,
            "by": str(row.change_set.actor or ""),
            "reason": row.change_set.reason,
            "what": row.model,
            "before": row.before,
            "after": row.after,
        }


def _imports(record: Any) -> Iterator[dict[str, Any]]:
    for row in import_rows(traces_of(record)).select_related("run").order_by("pk"):
        yield {
            "file": row.run.filename,
            "row": row.number,
            "outcome": row.outcome,
            "reason": row.reason,
            "cells": row.cells,
            "match": row.match,
        }


def _notices(record: Any) -> Iterator[dict[str, Any]]:
    for row in notices(record).select_related("user").order_by("pk"):
        yield {"to": str(row.user), "at": row.created_at, "text": row.message}


def erase_person(record: Customer | Contact, *, actor: Any, typed_name: str) -> ChangeSet:
    """Forget who this is, for good. Orders and statistics stay, of nobody.

    The administrator types the name, so that the wrong record is not erased by a slip.
    """
    if not actor.has_perm("accounts.administer"):
        raise RuleViolation(_("Only administrators may erase personal data."))
    if typed_name.strip() != record.name:
        raise RuleViolation(_("The name does not match."), field="name")
    with change_set(kind=Kind.ERASE, actor=actor) as log:
        for row in [*_merged(record), record]:
            personal_data.erase(row, log)
            # The history says that and when it was erased, and nothing of what was there.
            log.note(row, {}, {})
        forget_words(record._meta.db_table)
    record.refresh_from_db()
    return log.row


def _merged(record: Any) -> list[Any]:
    """Records that were merged into this one are the same person."""
    found: list[Any] = []
    queue = [record.pk]
    while queue:
        rows = list(type(record)._base_manager.filter(merged_into__in=queue))
        found += rows
        queue = [row.pk for row in rows]
    return found


def _forget(record: Any, log: ChangeLog) -> None:
    traces, acts = traces_of(record), acts_on(record)
    model = type(record)
    alias = _("Erased %(number)d") % {"number": record.pk}
    _forget_parts(record)
    forget_history(model, record.pk)
    forget_traces(record, traces, acts)
    blank = BLANK_CUSTOMER if model is Customer else BLANK_CONTACT
    # Written past the log on purpose: it must not keep the values that are being erased.
    model._base_manager.filter(pk=record.pk).update(
        **blank,
        **_rare(record),
        name=alias,
        sort_name=alias.lower(),
        search_text=alias.lower(),
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    record.refresh_from_db()


def _forget_parts(record: Any) -> None:
    gone = [record.methods]
    if isinstance(record, Contact):
        gone += [record.important_dates, record.relations, record.related_from]
    for rows in gone:
        _forget_changes(rows)
        rows.all().delete()
    _forget_changes(record.memberships)
    record.memberships.update(role="")
    record.consents.update(source="")
    record.favourites.all().delete()
    record.tags.clear()
    if isinstance(record, Customer):
        record.stage_changes.update(reason="")
    PAIRS[type(record)].objects.filter(Q(first=record) | Q(second=record)).delete()


def _forget_changes(rows: Any) -> None:
    """Parts may be told in the history of somebody else: the other end of a relation, a company."""
    Change.objects.filter(model=label_of(rows.model), object_id__in=rows.values("pk")).delete()


def _rare(record: Any) -> dict[str, str]:
    """Statistics keep what others have too; what nobody else has would point at this one."""
    others = type(record)._base_manager.exclude(pk=record.pk)
    kept = KEPT_IF_SHARED if isinstance(record, Customer) else ("language",)
    return {name: "" for name in kept if not others.filter(**{name: getattr(record, name)}).exists()}
