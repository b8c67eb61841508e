"""Forecast and funnel: whoever sees deals, over those deals. Exchange rates: those who run sales."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.factories import deals as made
from tests.permissions.rules import EVERYBODY, LEADERS, act, form, page

ROWS = {
    "deals:forecast": page(EVERYBODY, collection=True),
    "deals:forecast_accuracy": page(EVERYBODY, collection=True),
    "deals:slip_list": page(EVERYBODY, collection=True),
    "deals:funnel": page(EVERYBODY, collection=True),
    "deals:funnel_again": act(EVERYBODY),
    "deals:exchangerate_list": page(EVERYBODY, collection=True),
    "deals:exchangerate_export": page(EVERYBODY),
    "deals:exchangerate_create": form(LEADERS),
    "deals:exchangerate_update": form(LEADERS, "exchange_rate"),
    "deals:exchangerate_delete": form(LEADERS, "exchange_rate"),
}


def exchange_rate(world: Any, owner: Any) -> Any:
    """One more day: a currency has one rate a day."""
    days = made.ExchangeRateFactory._meta.model._base_manager.count()  # type: ignore[attr-defined]
    return made.ExchangeRateFactory(on=date(2026, 1, 1) + timedelta(days=days))


MAKERS = {"exchange_rate": exchange_rate}
