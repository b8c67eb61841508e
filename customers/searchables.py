"""What of this app search and Ctrl+K find."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.search_registry import Action, Searchable, register, register_action
from customers.models import Contact, Customer


def _search(rows: QuerySet, text: str) -> QuerySet:
    return rows.search(text)  # type: ignore[attr-defined]


def _place(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row["industry"], row["city"], row["country"]) if part)


def register_searchables() -> None:
    """Called once when the app is ready."""
    register(
        Searchable(
            "customers", _("Customers"), Customer, "building-office-2", "customers:customer_detail", _search,
            fields=("name", "industry", "city", "country"), note=_place, order=("sort_name", "pk"),
            list_url="customers:customer_list", position=10,
        )
    )  # fmt: skip
    register(
        Searchable(
            "contacts", _("Contacts"), Contact, "user", "customers:contact_detail", _search,
            fields=("name", "job_title"), note=lambda row: row["job_title"], order=("sort_name", "pk"),
            list_url="customers:contact_list", position=20,
        )
    )  # fmt: skip
    for action in (
        Action(_("New customer"), "customers:customer_create", "plus", "customers.add_customer", 10),
        Action(_("New contact"), "customers:contact_create", "plus", "customers.add_contact", 11),
        Action(
            _("Go to customers"),
            "customers:customer_list",
            "building-office-2",
            "customers.view_customer",
            30,
        ),
        Action(_("Go to contacts"), "customers:contact_list", "user-group", "customers.view_contact", 31),
        Action(
            _("Go to the board"), "customers:customer_kanban", "view-columns", "customers.view_customer", 32
        ),
        Action(_("Go to the funnel"), "customers:funnel", "funnel", "customers.view_customer", 33),
        Action(_("Import a file"), "core:import_list", "arrow-up-tray", "core.import_data", 40),
    ):
        register_action(action)
