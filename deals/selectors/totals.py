"""Sums over the deals somebody may see, read from the roll-up instead of the deals.

    totals(user, by=("stage",), where=Q(pipeline=pipeline))

`by` and `where` use the columns of `DealTotal`: pipeline, stage, owner, team, category, month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from core.exact_sum import ExactAmount, ExactPart
from deals.models import Deal, DealTotal

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Total:
    """How many deals, how many of them without an amount in the base currency, and their sums."""

    deals: int = 0
    unpriced: int = 0
    amount: Decimal = NOTHING
    weighted: Decimal = NOTHING

    def __add__(self, other: Total) -> Total:
        return Total(
            self.deals + other.deals,
            self.unpriced + other.unpriced,
            self.amount + other.amount,
            self.weighted + other.weighted,
        )


Totals = dict[tuple[Any, ...], Total]
SUMS = tuple(Sum(name) for name in ("deals", "unpriced", "amount", "weighted"))
LIVE_SUMS = (
    Count("pk"),
    Count("pk", filter=Q(amount_base=None)),
    Sum(ExactAmount("amount_base")),
    Sum(ExactPart(ExactAmount("amount_base"), "probability")),
)


def totals(user: Any, *, by: Sequence[str], where: Q | None = None) -> Totals:
    """The sums of the deals this person may see, by place. Places without deals are left out."""
    found = _added(DealTotal.objects.owned_by(user).filter(where or Q()), by, SUMS)
    shared = Deal.objects.shared_only(user)
    if not shared.query.is_empty():
        for place, total in live_totals(shared, by=by, where=where).items():
            found[place] = found.get(place, Total()) + total
    return found


def added(rows: QuerySet, by: Sequence[str]) -> Totals:
    """The sums of these rows of the roll-up, whoever may see them."""
    return _added(rows, by, SUMS)


def live_totals(deals: QuerySet, *, by: Sequence[str], where: Q | None = None) -> Totals:
    """The same sums from the deals themselves, for narrower questions than the roll-up answers."""
    closes = Coalesce("closed_on", "expected_close_on")
    rows = deals.alias(category=F("forecast_category"), month=TruncMonth(closes, output_field=DateField()))
    return _added(rows.filter(where or Q()), by, LIVE_SUMS)


def _added(rows: QuerySet, by: Sequence[str], sums: Sequence[Any]) -> Totals:
    named = dict(zip(("n", "n_unpriced", "sum_amount", "sum_weighted"), sums, strict=True))
    # The names of a place are columns of the roll-up and expressions over a deal.
    keys = {f"by_{name}": F(name) for name in by}
    if keys:
        found = rows.order_by().values(**keys).annotate(**named).values_list(*keys, *named)
    else:
        found = [tuple(rows.aggregate(**named).values())]
    return {
        tuple(row[:-4]): Total(row[-4], row[-3], row[-2] or NOTHING, row[-1] or NOTHING)
        for row in found
        if row[-4]
    }
