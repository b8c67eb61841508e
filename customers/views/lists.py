"""The lists of customers and contacts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.views.lists import ListPage
from customers.filters import CONTACT_GROUPS, CUSTOMER_GROUPS

BULK: tuple[tuple[str, Any, str], ...] = (
    ("edit", _("Edit"), "pencil"),
    ("assign", _("Assign"), "user-plus"),
    ("tag", _("Tags"), "tag"),
)
MERGE = ("merge", _("Merge"), "arrows-pointing-in")
DELETE = ("trash", _("Delete"), "trash")


class CustomerList(ListPage):
    spec_key = "customers"
    title = _("Customers")
    create_url = "customers:customer_create"
    create_label = _("New customer")
    import_target = "customers"
    permission = "customers.add_customer"
    export_url = "customers:customer_export"
    bulk_url = "customers:customer_bulk"
    cell_url = "customers:customer_cell"
    bulk_actions = (*BULK, ("stage", _("Move stage"), "arrow-right-circle"), MERGE, DELETE)
    filter_groups = CUSTOMER_GROUPS
    empty_title = _("No customers yet")
    empty_text = _("Customers are the companies and people you do business with, from the first enquiry on.")
    empty_icon = "building-office-2"
    switches = (
        ("customers:customer_list", _("List"), "list-bullet"),
        ("customers:customer_kanban", _("Board"), "view-columns"),
        ("customers:funnel", _("Funnel"), "funnel"),
    )
    same_rows = frozenset({"customers:customer_list", "customers:customer_kanban"})


class ContactList(ListPage):
    spec_key = "contacts"
    title = _("Contacts")
    create_url = "customers:contact_create"
    create_label = _("New contact")
    import_target = "contacts"
    permission = "customers.add_contact"
    export_url = "customers:contact_export"
    bulk_url = "customers:contact_bulk"
    cell_url = "customers:contact_cell"
    bulk_actions = (*BULK, MERGE, DELETE)
    filter_groups = CONTACT_GROUPS
    empty_title = _("No contacts yet")
    empty_text = _("Contacts are the people you talk to, at one customer or several.")
    empty_icon = "user-group"
