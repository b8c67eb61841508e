"""Where the pages of sales stand in the side navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.constants import MANAGE_SALES, Kind
from accounts.navigation import Item
from accounts.navigation import register as register_item

ITEMS = (
    Item(
        "deals:deal_list",
        _("Deals"),
        "currency-dollar",
        kind=Kind.DEAL,
        shortcut="d",
        order=32,
        children=(
            Item("deals:deal_list", _("All deals")),
            Item("deals:deal_kanban", _("Board")),
            Item("deals:quote_list", _("Quotes")),
            Item("deals:competitor_list", _("Competitors")),
            Item("deals:objection_list", _("Objections")),
        ),
    ),
    Item(
        "deals:forecast",
        _("Forecast"),
        "presentation-chart-line",
        kind=Kind.DEAL,
        shortcut="f",
        order=34,
        children=(
            Item("deals:forecast", _("Forecast")),
            Item("deals:funnel", _("Funnel")),
            Item("deals:target_list", _("Targets")),
            Item("deals:review_report", _("Wins and losses")),
            Item("deals:slip_list", _("Pushed deals")),
            Item("deals:forecast_accuracy", _("Accuracy")),
        ),
    ),
    Item(
        "deals:order_list",
        _("Orders"),
        "shopping-bag",
        kind=Kind.ORDER,
        shortcut="o",
        order=50,
        children=(
            Item("deals:order_list", _("Orders")),
            Item("deals:contract_list", _("Contracts"), kind=Kind.DEAL),
            Item("deals:renewal_list", _("Renewals"), kind=Kind.DEAL),
            Item("deals:revenue", _("Revenue")),
        ),
    ),
    Item(
        "deals:product_list",
        _("Products"),
        "cube",
        kind=Kind.DEAL,
        order=54,
        children=(
            Item("deals:product_list", _("Products")),
            Item("deals:pricebook_list", _("Price books")),
        ),
    ),
    Item(
        "deals:settings",
        _("Sales settings"),
        "adjustments-horizontal",
        act=MANAGE_SALES,
        order=80,
        children=(
            Item("deals:settings", _("Sales settings")),
            Item("deals:pipeline_list", _("Pipelines")),
            Item("deals:lostreason_list", _("Lost reasons")),
            Item("deals:exchangerate_list", _("Exchange rates")),
        ),
    ),
)


def register() -> None:
    """Called once when the app is ready."""
    for item in ITEMS:
        register_item(item)
