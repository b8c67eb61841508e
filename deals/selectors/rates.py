"""What one unit of a currency is worth in the organisation's base currency on a day.

The rate in force is the newest one on or before the day; a currency without one is not priced, and
whoever shows a sum says how many rows that leaves out.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from decimal import Decimal

from accounts.organisation import get_organisation
from core.money import quantize
from deals.models import ExchangeRate

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
