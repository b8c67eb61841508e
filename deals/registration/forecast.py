"""Forecast, accuracy, pushed deals and funnel: their nightly steps and how they are found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import navigation
from accounts.constants import Kind
from core.search_registry import Action, register_action
from deals.services import forecast, funnel  # noqa: F401  registers its nightly steps


def register() -> None:
    """Called once."""
    funnel.register()
    navigation.register(
        navigation.Item(
            "deals:forecast",
            _("Forecast"),
            "presentation-chart-line",
            kind=Kind.DEAL,
            order=37,
            children=(
                navigation.Item("deals:forecast", _("Forecast")),
                navigation.Item("deals:forecast_accuracy", _("Accuracy")),
                navigation.Item("deals:slip_list", _("Pushed deals")),
                navigation.Item("deals:funnel", _("Funnel")),
                navigation.Item("deals:exchangerate_list", _("Exchange rates")),
            ),
        )
    )
    for position, (label, url, icon) in enumerate(
        (
            (_("Go to the forecast"), "deals:forecast", "chart-bar"),
            (_("Go to the deal funnel"), "deals:funnel", "funnel"),
            (_("Go to pushed deals"), "deals:slip_list", "calendar-days"),
        )
    ):
        register_action(Action(label, url, icon, "deals.view_deal", 36 + position))
