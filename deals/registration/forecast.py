"""Forecast, accuracy, pushed deals and funnel: their nightly steps and how they are found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.search_registry import Action, register_action
from deals.services import forecast, funnel  # noqa: F401  registers its nightly steps


def register() -> None:
    """Called once."""
    funnel.register()
    for position, (label, url, icon) in enumerate(
        (
            (_("Go to the forecast"), "deals:forecast", "chart-bar"),
            (_("Go to the deal funnel"), "deals:funnel", "funnel"),
            (_("Go to pushed deals"), "deals:slip_list", "calendar-days"),
        )
    ):
        register_action(Action(label, url, icon, "deals.view_deal", 36 + position))
