"""Making and changing customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.changes import change_set
from core.exceptions import RuleViolation
from core.importing.values.reach import domain_of
from core.models import ChangeSet
from core.names import person_name
from customers.constants import CustomerKind
from customers.models import Customer, LifecycleStage
from customers.services.methods import add_method
from customers.services.stages import enter_funnel

Kind = ChangeSet.Kind
LONGEST_CHAIN = 20  # companies above a company


def create_customer(
    *,
    values: Mapping[str, Any],
    actor: Any,
    methods: Sequence[Mapping[str, Any]] = (),
    tags: Iterable[Any] = (),
    collaborators: Iterable[Any] = (),
    reason: str = "",
) -> Customer:
    """Make a customer with its first ways to reach it. Without an owner it is the actor's."""
    with change_set(kind=Kind.CREATE, actor=actor, reason=reason) as log:
        values = with_owner(values, actor)
        if values.get("stage") is None:
            values["stage"] = LifecycleStage.objects.order_by("position", "pk")[0]
        customer = Customer(**normal_values(values, kind=values.get("kind", CustomerKind.COMPANY)))
        log.create(customer)
        # A new row names its origin; its first tags need no history of their own.
        customer.tags.add(*tags)
        customer.collaborators.add(*collaborators)
        enter_funnel([customer], log=log)
        for method in methods:
            add_method(customer, actor=actor, log=log, **method)
    if methods:
        customer.refresh_from_db(fields=["search_text"])
    return customer


def update_customer(
    customer: Customer,
    *,
    values: Mapping[str, Any],
    actor: Any,
    expected_version: int | None = None,
    reason: str = "",
) -> ChangeSet | None:
    """Change fields (not the stage: that is `change_stage`). Returns None where nothing differs."""
    merged = normal_values(values, kind=values.get("kind", customer.kind), current=customer)
    if merged.get("parent"):
        _refuse_circle(customer, merged["parent"])
    follow_owner(merged, customer)
    with change_set(kind=Kind.EDIT, actor=actor, reason=reason) as log:
        log.update(customer, merged, expected_version=expected_version)
    return log.row if log.row.pk else None


def with_owner(values: Mapping[str, Any], actor: Any) -> dict[str, Any]:
    """Values of a new record: it is the actor's unless said, and of its owner's team."""
    values = {"owner": actor, **values}
    if values.get("team") is None and values["owner"]:
        values["team"] = values["owner"].team
    return values


def follow_owner(values: dict[str, Any], record: Any) -> None:
    """A record given to somebody goes to their team, unless a team is named."""
    if "owner" in values and "team" not in values and values["owner"] != record.owner:
        values["team"] = values["owner"].team if values["owner"] else record.team


def normal_values(values: Mapping[str, Any], *, kind: str, current: Customer | None = None) -> dict[str, Any]:
    """Values in the form they are kept: a person's name from its parts, a bare domain, EUR."""
    values = dict(values)
    if kind == CustomerKind.PERSON:
        compose_name(values, current)
    elif "kind" in values:
        values |= {"given_name": "", "family_name": ""}
    if values.get("domain"):
        values["domain"] = domain_of(values["domain"]) or values["domain"].strip().lower()
    if values.get("currency"):
        values["currency"] = values["currency"].upper()
    return values


def compose_name(values: dict[str, Any], current: Any = None) -> None:
    """Set `name` from given and family name where the act gives either."""
    if not values.keys() & {"given_name", "family_name", "language"}:
        return
    parts = [values.get(key, getattr(current, key, "")) for key in ("given_name", "family_name")]
    if any(parts):
        language = values.get("language", getattr(current, "language", ""))
        values["name"] = person_name(parts[0], parts[1], language)


def _refuse_circle(customer: Customer, parent: Customer) -> None:
    """A company cannot stand below itself, however long the way round is."""
    above: Customer | None = parent
    for _step in range(LONGEST_CHAIN):
        if above is None:
            return
        if above.pk == customer.pk:
            break
        above = above.parent
    raise RuleViolation(_("A company cannot be part of one of its own subsidiaries."), field="parent")
