"""The list of orders and how search finds one; registered when the app is ready."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core.lists import ListSpec
from core.lists import register as register_list
from core.money import format_money
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from deals.filters.orders import OrderFilters
from deals.models import Order
from deals.tables.orders import ORDERS


def _note(row: dict[str, Any]) -> str:
    return format_money(row["total"], row["currency"])


def register() -> None:
    """Called once."""
    register_list(ListSpec("orders", Order, ORDERS, OrderFilters, "deals:order_list", today, _("Orders")))
    register_search(
        Searchable(
            "orders", _("Orders"), Order, "shopping-bag", "deals:order_detail",
            lambda rows, text: rows.search(text), fields=("number", "total", "currency"), note=_note,
            order=("-ordered_at", "-pk"), list_url="deals:order_list", position=40,
        )
    )  # fmt: skip
    register_action(Action(_("Go to orders"), "deals:order_list", "shopping-bag", "deals.view_order", 35))
