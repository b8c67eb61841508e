"""Making and changing contacts and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet, Record
from customers.models import Contact, Customer, Membership
from customers.services.customers import LONGEST_CHAIN, compose_name, follow_owner, with_owner
from customers.services.methods import add_method

Kind = ChangeSet.Kind
Part = TypeVar("Part", bound=Record)


def create_contact(
    *,
    values: Mapping[str, Any],
    actor: Any,
    customer: Customer | None = None,
    role: str = "",
    methods: Iterable[Mapping[str, Any]] = (),
    tags: Iterable[Any] = (),
) -> Contact:
    """Make a contact, perhaps as a member of a customer. Without an owner it is the actor's."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        values = with_owner(values, actor)
        compose_name(values)
        contact = log.create(Contact(**values))
        contact.tags.set(tags)
        if customer is not None:
            add_membership(contact, values={"customer": customer, "role": role}, actor=actor, log=log)
        for method in methods:
            add_method(contact, actor=actor, log=log, **method)
    contact.refresh_from_db()
    return contact


def update_contact(
    contact: Contact,
    *,
    values: Mapping[str, Any],
    actor: Any,
    expected_version: int | None = None,
    reason: str = "",
) -> ChangeSet | None:
    """Change fields; returns None where nothing differs."""
    merged = dict(values)
    compose_name(merged, contact)
    if merged.get("reports_to"):
        _refuse_circle(contact, merged["reports_to"])
    follow_owner(merged, contact)
    with change_set(kind=Kind.EDIT, actor=actor, reason=reason) as log:
        log.update(contact, merged, expected_version=expected_version)
    return log.row if log.row.pk else None


def add_membership(
    contact: Contact, *, values: Mapping[str, Any], actor: Any, log: ChangeLog | None = None
) -> Membership:
    """Place a person in a company. There is one main contact per customer."""
    if log is None:
        with change_set(kind=Kind.EDIT, actor=actor) as own:
            return add_membership(contact, values=values, actor=actor, log=own)
    membership = Membership(contact=contact, **values)
    others = Membership.objects.alive().filter(customer=membership.customer)
    if membership.primary:
        _demote(others, log)
    elif not others.exists():
        membership.primary = True
    return log.create(membership)


def update_membership(
    membership: Membership, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> Membership:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        if values.get("primary"):
            customer = values.get("customer", membership.customer)
            _demote(Membership.objects.alive().filter(customer=customer).exclude(pk=membership.pk), log)
        return log.update(membership, values, expected_version=expected_version)


def add_part(part: Part, *, actor: Any) -> Part:
    """Add a relation, an important date: a part with no rules beyond its own columns."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        return log.create(part)


def update_part(
    part: Part, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> Part:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        return log.update(part, values, expected_version=expected_version)


def remove_part(part: Record, *, actor: Any) -> ChangeSet:
    """Move a part to the trash."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        log.trash(part)
    return log.row


def _demote(memberships: Any, log: ChangeLog) -> None:
    for row in memberships.filter(primary=True):
        log.update(row, {"primary": False}, validate=False)


def _refuse_circle(contact: Contact, boss: Contact) -> None:
    above: Contact | None = boss
    for _step in range(LONGEST_CHAIN):
        if above is None:
            return
        if above.pk == contact.pk:
            break
        above = above.reports_to
    raise RuleViolation(_("Nobody can report to somebody who reports to them."), field="reports_to")
