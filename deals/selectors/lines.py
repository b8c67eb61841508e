"""Lines of deals and quotes, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from deals.models import Deal, DealLine, Quote, QuoteLine
from deals.pricing import Totals, recurring_amount, totals

CENT = Decimal("0.01")


def lines_of(whole: Deal | Quote) -> list[Any]:
    """The lines as they are shown."""
    rows: Any = (
        DealLine.objects.alive().filter(deal=whole)
        if isinstance(whole, Deal)
        else QuoteLine.objects.alive().filter(quote=whole)
    )
    return list(rows.select_related("product").order_by("position", "pk"))


def has_lines(deal: Deal) -> bool:
    """Whether the amount of this deal is the sum of its lines."""
    return DealLine.objects.alive().filter(deal=deal).exists()


def deal_sums(lines: Iterable[Any]) -> dict[str, Any]:
    """The columns of a deal that its lines give; a deal keeps two decimals."""
    sums = totals(lines)
    recurring, period = recurring_amount(sums)
    return {
        "amount": sums.net.quantize(CENT, rounding=ROUND_HALF_UP),
        "recurring_amount": None if recurring is None else recurring.quantize(CENT, rounding=ROUND_HALF_UP),
        "recurring_period": period,
    }


def quote_sums(sums: Totals) -> dict[str, Decimal]:
    """The columns of a quote that its lines give."""
    return {"net": sums.net, "tax": sums.tax, "total": sums.total}
