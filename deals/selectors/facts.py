"""The fields of a deal as label and value, for its page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.money import format_money
from customers.selectors.facts import Fact, Facts
from deals.models import Deal

TOLD_WITH_ANOTHER = frozenset({"recurring_period"})


class DealFacts(Facts):
    """Amounts with their currency, and what the deal guesses for itself."""

    record: Deal  # type: ignore[assignment]

    def __init__(self, deal: Deal, user: Any) -> None:
        super().__init__(deal, user)  # type: ignore[arg-type]

    def _fact(self, name: str) -> Fact | None:
        if name in TOLD_WITH_ANOTHER:
            return None
        fact = super()._fact(name)
        deal = self.record
        if fact is None:
            return None
        if name == "amount" and deal.amount is not None:
            return Fact(fact.label, format_money(deal.amount, deal.currency))
        if name == "recurring_amount" and deal.recurring_amount is not None:
            amount = format_money(deal.recurring_amount, deal.currency)
            return Fact(_("Recurring"), f"{amount} {deal.get_recurring_period_display()}")
        if name == "probability":
            return Fact(fact.label, self._own(f"{deal.probability}", deal.probability_overridden))
        if name == "forecast_category":
            return Fact(fact.label, self._own(fact.value, deal.forecast_overridden))
        return Fact(fact.label, fact.value, fact.url, prose=name in ("description", "lost_note"))

    def _own(self, words: str, own: bool) -> str:
        return _("%(value)s (own)") % {"value": words} if own else words
