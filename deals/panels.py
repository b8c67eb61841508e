"""Orders on the customer page."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.panels import Panel, register


def register_panels() -> None:
    """Called once when the app is ready."""
    register(
        "customer",
        Panel(
            key="orders",
            title=_("Orders"),
            url=lambda customer: reverse("deals:customer_orders", args=[customer.pk]),
            permission="deals.view_order",
            order=60,
            place="aside",
        ),
    )
