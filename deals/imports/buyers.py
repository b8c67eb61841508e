"""The customers of a chunk of orders or deals: found, or made from their number or name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from core.changes import ChangeLog
from core.imports.parsed import Reason
from core.imports.seen import Seen
from core.text import fold
from customers.constants import StageKind
from customers.imports.drafts import Draft as CustomerDraft
from customers.imports.drafts import make_method, write_customers
from customers.imports.match import CustomerIndex, Hit, Keys
from customers.models import Customer, LifecycleStage
from customers.services.derived import sort_name


class Draft(Protocol):
    """What is asked of a row; `customer` is number, e-mail and name."""

    customer: tuple[str, str, str]
    country: str
    ordered_at: datetime
    customer_id: int | None


class Buyers:
    """Whose orders or deals these are. One goes to a customer the person may change, or to none; a new
    customer begins in the stage of `kind`."""

    def __init__(
        self, actor: Any, *, origin: int | None, trial: bool, kind: str = StageKind.CUSTOMER
    ) -> None:
        self.actor = actor
        seen = Seen() if trial else None
        self.index = CustomerIndex(["external_id", "email", "name"], origin=origin, seen=seen)
        stages = LifecycleStage.objects.order_by("position", "pk")
        self.stage = stages.filter(kind=kind).first() or stages[0]

    def load(self, drafts: Iterable[Draft]) -> None:
        """Find the customers of a chunk."""
        self.new: list[CustomerDraft] = []
        self.index.load([_keys(draft) for draft in drafts if any(draft.customer)])
        others = [pk for pk, hit in self.index.hits.items() if not hit.own]
        rows = Customer.objects.editable_by(self.actor).filter(pk__in=others)
        self.editable = set(rows.values_list("pk", flat=True)) if others else set()

    def refusal(self, draft: Draft) -> Reason | None:
        """Why the orders of this customer are not for this person to write; tells nothing of it."""
        if not any(draft.customer):
            return None
        hit = self.index.find(_keys(draft))
        if hit is None or hit.own or hit.new is not None or hit.pk in self.editable:
            return None
        return Reason("not_yours", _("This customer is there already and is not yours to change."))

    def settle(self, drafts: Iterable[Draft], log: ChangeLog | None) -> int:
        """Give every order its customer, making those that are new; returns how many were made."""
        waiting: list[tuple[Draft, CustomerDraft]] = []
        for draft in drafts:
            if not any(draft.customer):
                continue
            keys = _keys(draft)
            hit = self.index.find(keys)
            if hit is None:
                made = self._make(draft, keys)
                self.index.add(keys, Hit(new=made, row=1, own=True))
                waiting.append((draft, made))
            elif hit.new is not None:
                waiting.append((draft, hit.new))
            else:
                draft.customer_id = hit.pk or None
        if log is not None:
            write_customers(self.new, log)
            for draft, made in waiting:
                draft.customer_id = made.pk
        return len(self.new)

    def _make(self, draft: Draft, keys: Keys) -> CustomerDraft:
        number, email, name = draft.customer
        text = name or (_("Customer %(number)s") % {"number": number} if number else email)
        values = {
            "name": text[:200],
            "external_id": number,
            "country": draft.country,
            "stage_id": self.stage.pk,
            "stage_since": draft.ordered_at,
            "owner_id": self.actor.pk,
            "team_id": self.actor.team_id,
        }
        made = CustomerDraft(values, keys=keys._replace(name=sort_name(text)))
        if email:
            made.add_methods([make_method("email", email)])
        self.new.append(made)
        return made


def _keys(draft: Draft) -> Keys:
    number, email, name = draft.customer
    return Keys(
        number,
        (email.lower(),) if email else (),
        "",
        sort_name(name) if name else "",
        fold(draft.country) if name else "",
    )
