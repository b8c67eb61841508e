"""The lists of this app, registered for pages, exports, bulk acts and saved views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core.lists import ListSpec, register
from customers import filters, tables
from customers.models import Contact, Customer


def register_lists() -> None:
    """Called once when the app is ready."""
    register(
        ListSpec(
            "customers", Customer, tables.CUSTOMERS, filters.CustomerFilters,
            "customers:customer_list", today, _("Customers"),
        )
    )  # fmt: skip
    register(
        ListSpec(
            "contacts", Contact, tables.CONTACTS, filters.ContactFilters,
            "customers:contact_list", today, _("Contacts"),
        )
    )  # fmt: skip
