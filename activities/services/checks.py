"""Rules about other rows that activities and tasks share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core.exceptions import RuleViolation
from customers.models import Contact, Customer, Membership
from deals.models import Deal


def check_contacts(customer: Customer | None, contacts: Iterable[Contact], *, field: str) -> None:
    """People who take part belong to the customer it is about."""
    ids = {contact.pk for contact in contacts}
    if not ids:
        return
    members = Membership.objects.filter(deleted_at=None, customer=customer, contact__in=ids)
    if customer is None or set(members.values_list("contact_id", flat=True)) != ids:
        raise RuleViolation(_("Choose people who belong to this customer."), field=field)


def check_deal(customer: Customer | None, deal: Deal | None, *, field: str = "deal") -> None:
    """A deal it is about is one with that customer; without one, it is about the deal alone."""
    if deal is not None and customer is not None and deal.customer_id != customer.pk:
        raise RuleViolation(_("Choose a deal with this customer."), field=field)


def check_sees(person: Any, customer: Customer | None, *, field: str) -> None:
    """Nobody gets work about a customer they may not see."""
    if not person.is_active:
        raise RuleViolation(_("%(name)s no longer works here.") % {"name": person}, field=field)
    if customer and not Customer.objects.visible_to(person).filter(pk=customer.pk).exists():
        raise RuleViolation(_("%(name)s may not see this customer.") % {"name": person}, field=field)
