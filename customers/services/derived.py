"""Sort keys and search texts, brought up to date at the end of every change set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from core.changes import refresh_with
from core.text import cjk_spaced, fold, search_text
from customers.models import Contact, ContactMethod, Customer

M = TypeVar("M", Customer, Contact)


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Customer, refresh_customers, fill=lambda row: _fill(row, customer_text))
    refresh_with(Contact, refresh_contacts, fill=lambda row: _fill(row, contact_text))
    refresh_with(ContactMethod, refresh_method_owners)


def sort_name(name: str) -> str:
    """What lists order by: the same on every database, whatever its collation."""
    return fold(name)[:200]


def customer_text(customer: Customer, method_keys: list[str]) -> str:
    """What search looks in for a customer."""
    return _spaced(
        customer.name,
        customer.given_name,
        customer.family_name,
        customer.domain,
        customer.external_id,
        customer.city,
        *method_keys,
    )


def contact_text(contact: Contact, method_keys: list[str]) -> str:
    """What search looks in for a contact."""
    return _spaced(
        contact.name,
        contact.given_name,
        contact.family_name,
        contact.job_title,
        contact.external_id,
        *method_keys,
    )


def _spaced(*parts: str) -> str:
    return cjk_spaced(search_text(*parts))


def _fill(row: M, text: Callable[[M, list[str]], str]) -> None:
    """A new row has no ways to reach it yet; the first one brings its search text up to date."""
    row.sort_name, row.search_text = sort_name(row.name), text(row, [])


def refresh_customers(ids: set[int]) -> None:
    _refresh(Customer, ids, "customer_id", customer_text)


def refresh_contacts(ids: set[int]) -> None:
    _refresh(Contact, ids, "contact_id", contact_text)


def refresh_method_owners(ids: set[int]) -> None:
    """A changed e-mail or phone changes what its customer or contact is found by."""
    rows = ContactMethod._base_manager.filter(pk__in=ids).values_list("customer_id", "contact_id")
    pairs = list(rows)
    refresh_customers({customer for customer, _contact in pairs if customer})
    refresh_contacts({contact for _customer, contact in pairs if contact})


def _refresh(model: type[M], ids: set[int], link: str, text: Callable[[M, list[str]], str]) -> None:
    keys: dict[int, list[str]] = defaultdict(list)
    methods = ContactMethod._base_manager.filter(deleted_at=None, **{f"{link}__in": ids})
    for owner, key in methods.order_by("pk").values_list(link, "key"):
        keys[owner].append(key)
    changed = []
    for row in model._base_manager.filter(pk__in=ids):
        new = (sort_name(row.name), text(row, keys[row.pk]))
        if new != (row.sort_name, row.search_text):
            row.sort_name, row.search_text = new
            changed.append(row)
    # An upsert by primary key is many times faster than bulk_update's CASE WHEN.
    model._base_manager.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["sort_name", "search_text"],
    )
