"""The list of exchange rates and what follows from them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core.lists import ListSpec
from core.lists import register as register_list
from deals.filters.rates import RateFilters
from deals.models import ExchangeRate
from deals.services import exchange_rates
from deals.tables.rates import RATES


def register() -> None:
    """Called once."""
    exchange_rates.register()
    register_list(
        ListSpec(
            "exchange_rates", ExchangeRate, RATES, RateFilters, "deals:exchangerate_list", today,
            _("Exchange rates"),
        )
    )  # fmt: skip
