"""What one unit of a currency is worth in the organisation's base currency on a day.

The rate in force is the newest one on or before the day; a currency without one is not priced, and
whoever shows a sum says how many rows that leaves out.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.organisation import get_organisation
from core.money import quantize
from deals.constants import StageKind
from deals.models import Deal, ExchangeRate

ONE = Decimal(1)


def rate_on(currency: str, day: date) -> Decimal | None:
    """The rate of one currency on one day; the base currency is worth one of itself."""
    base = get_organisation().base_currency
    if currency == base:
        return ONE
    known = ExchangeRate.objects.alive().filter(base=base, currency=currency, on__lte=day)
    return known.order_by("-on").values_list("rate", flat=True).first()


class Rates:
    """Every rate a bulk of rows needs: one query for each currency met, the first time it is met."""

    def __init__(self, base: str | None = None) -> None:
        self.base = base or get_organisation().base_currency
        self._known: dict[str, tuple[list[date], list[Decimal]]] = {}

    def on(self, currency: str, day: date) -> Decimal | None:
        if currency == self.base:
            return ONE
        days, rates = self._of(currency)
        found = bisect_right(days, day)
        return rates[found - 1] if found else None

    def to_base(self, amount: Decimal | None, currency: str, day: date) -> Decimal | None:
        """The amount in the base currency, rounded to what that currency can pay."""
        rate = self.on(currency, day)
        return None if amount is None or rate is None else quantize(amount * rate, self.base)

    def first(self, currency: str) -> date | None:
        """The first day with a rate of the currency; None for the base currency and where there is none."""
        days = [] if currency == self.base else self._of(currency)[0]
        return days[0] if days else None

    def _of(self, currency: str) -> tuple[list[date], list[Decimal]]:
        if currency not in self._known:
            rows = ExchangeRate.objects.alive().filter(base=self.base, currency=currency)
            pairs = list(rows.order_by("on").values_list("on", "rate"))
            self._known[currency] = [on for on, _rate in pairs], [rate for _on, rate in pairs]
        return self._known[currency]


def price(deal: Deal, rates: Rates, day: date) -> dict[str, Any]:
    """The derived money columns of a deal as of `day` (today).

    An open deal follows the rate of the day. A closed one keeps the rate of the day it closed, also
    when that rate is corrected later, until its currency, its closing day or the base currency changes;
    where that day had no rate it takes one as soon as there is one.
    """
    pair = f"{deal.currency}{rates.base}"
    closed = deal.status != StageKind.OPEN and deal.closed_on is not None
    on = deal.closed_on if closed else day
    frozen = closed and deal.fx_rate is not None and (deal.fx_on, deal.fx_pair) == (on, pair)
    rate = deal.fx_rate if frozen else rates.on(deal.currency, on)
    if rate is None:
        return {"fx_rate": None, "fx_on": None, "fx_pair": "", "amount_base": None}
    amount = None if deal.amount is None else quantize(deal.amount * rate, rates.base)
    return {"fx_rate": rate, "fx_on": on, "fx_pair": pair, "amount_base": amount}
