"""Deals: their list, search, trash, history, panels, background work, and what is derived from them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core import history
from core.lists import ListSpec
from core.lists import register as register_list
from core.money import format_money
from core.panels import Panel
from core.panels import register as register_panel
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from core.trash import TrashKind, register_trash
from deals import jobs  # noqa: F401  registers the handlers
from deals.filters.deals import DealFilters
from deals.models import CloseDateChange, Deal, DealStageChange
from deals.services import deal_data, derived, trash  # noqa: F401  trash registers its nightly step
from deals.services.deals import restore_deal
from deals.tables.deals import DEALS


def _note(row: dict[str, Any]) -> str:
    return "" if row["amount"] is None else format_money(row["amount"], row["currency"])


def register() -> None:
    """Called once."""
    derived.register()
    deal_data.register()
    history.register_silent(DealStageChange)
    history.register_silent(CloseDateChange)
    register_trash(TrashKind("deals", _("Deals"), Deal, restore_deal))
    register_list(ListSpec("deals", Deal, DEALS, DealFilters, "deals:deal_list", today, _("Deals")))
    register_search(
        Searchable(
            "deals", _("Deals"), Deal, "currency-dollar", "deals:deal_detail",
            lambda rows, text: rows.search(text), fields=("name", "amount", "currency"), note=_note,
            order=("sort_name", "pk"), list_url="deals:deal_list", position=15,
        )
    )  # fmt: skip
    register_action(Action(_("New deal"), "deals:deal_create", "plus", "deals.add_deal", 12))
    register_action(Action(_("Go to deals"), "deals:deal_list", "currency-dollar", "deals.view_deal", 34))
    register_panel(
        "customer",
        Panel(
            key="deals",
            title=_("Deals"),
            url=lambda customer: reverse("deals:customer_deals", args=[customer.pk]),
            permission="deals.view_deal",
            order=15,
            place="aside",
        ),
    )
