"""What a deal is worth in the base currency, and from which rate that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.money import quantize
from deals.constants import StageKind
from deals.models import Deal
from deals.selectors.rates import Rates


def price(deal: Deal, rates: Rates, day: date) -> dict[str, Any]:
    """The derived money columns of a deal as of `day` (today).

    An open deal follows the rate of the day. A closed one keeps the rate of the day it closed, also
    when that rate is corrected later, until its currency, its closing day or the base currency changes;
    where that day had no rate it takes one as soon as there is one.
    """
    pair = f"{deal.currency}{rates.base}"
    closed = deal.closed_on is not None and deal.status != StageKind.OPEN
    on = deal.closed_on if closed and deal.closed_on else day
    frozen = closed and deal.fx_rate is not None and (deal.fx_on, deal.fx_pair) == (on, pair)
    rate = deal.fx_rate if frozen else rates.on(deal.currency, on)
    if rate is None:
        return {"fx_rate": None, "fx_on": None, "fx_pair": "", "amount_base": None}
    amount = None if deal.amount is None else quantize(deal.amount * rate, rates.base)
    return {"fx_rate": rate, "fx_on": on, "fx_pair": pair, "amount_base": amount}
