"""What lines come to: exact decimals, rounded half up once for each line to what its currency can pay.

Pure: no database, no request. A line is anything with the columns of `Line`; the totals are sums of
the lines as they are shown, so that a reader who adds them up gets the same number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Protocol

from core.money import quantize
from deals.constants import Period

ZERO = Decimal(0)
HUNDRED = Decimal(100)
#: Enough digits for any product of two stored columns: nothing is rounded on the way.
EXACT = Context(prec=80)
PER_YEAR: dict[str, int] = {Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}


class Line(Protocol):
    """What the totals need to know of a line."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def net(self) -> Decimal: ...
    @property
    def tax(self) -> Decimal: ...
    @property
    def tax_percent(self) -> Decimal: ...
    @property
    def recurring_period(self) -> str: ...
    @property
    def unit_cost(self) -> Decimal | None: ...


@dataclass(frozen=True)
class LineAmounts:
    """One line in money."""

    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@dataclass(frozen=True)
class TaxRate:
    """The part of a total that is taxed at one rate."""

    percent: Decimal
    net: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Margin:
    """Net less cost over the lines whose cost is known; the others are counted, never guessed."""

    amount: Decimal
    percent: Decimal | None  # None where nothing is earned on the known lines
    known: int
    lines: int

    @property
    def complete(self) -> bool:
        return self.known == self.lines


@dataclass(frozen=True)
class Totals:
    """The sums of some lines in one currency."""

    net: Decimal
    tax: Decimal
    by_rate: tuple[TaxRate, ...]
    one_off: Decimal
    recurring: dict[str, Decimal]  # period -> net of one period
    annualised: Decimal  # the recurring nets of one year
    margin: Margin | None  # None where no line has a cost

    @property
    def total(self) -> Decimal:
        return self.net + self.tax


def line_amounts(
    quantity: Decimal,
    unit_price: Decimal,
    discount_percent: Decimal,
    tax_percent: Decimal,
    currency: str,
) -> LineAmounts:
    """Net and tax of one line. Tax is worked out on the rounded net, which is what the reader sees."""
    with localcontext(EXACT):
        net = quantize(quantity * unit_price * (HUNDRED - discount_percent) / HUNDRED, currency)
        return LineAmounts(net, quantize(net * tax_percent / HUNDRED, currency))


def totals(lines: Iterable[Line]) -> Totals:
    """The sums of lines that have their amounts; the order of the lines makes no difference."""
    rows = list(lines)
    with localcontext(EXACT):
        rates: dict[Decimal, list[Decimal]] = {}
        recurring: dict[str, Decimal] = {}
        for row in rows:
            rate = rates.setdefault(row.tax_percent.normalize(), [ZERO, ZERO])
            rate[0] += row.net
            rate[1] += row.tax
            if row.recurring_period:
                recurring[row.recurring_period] = recurring.get(row.recurring_period, ZERO) + row.net
        net = sum((row.net for row in rows), ZERO)
        return Totals(
            net=net,
            tax=sum((row.tax for row in rows), ZERO),
            by_rate=tuple(TaxRate(percent, *rates[percent]) for percent in sorted(rates)),
            one_off=net - sum(recurring.values(), ZERO),
            recurring={period: recurring[period] for period in PER_YEAR if period in recurring},
            annualised=sum((net * PER_YEAR[period] for period, net in recurring.items()), ZERO),
            margin=_margin(rows),
        )


def recurring_amount(sums: Totals) -> tuple[Decimal | None, str]:
    """The one recurring amount a deal keeps: of the period all lines share, else of a year."""
    if not sums.recurring:
        return None, ""
    if len(sums.recurring) == 1:
        [(period, net)] = sums.recurring.items()
        return net, period
    return sums.annualised, Period.YEAR


def _margin(rows: list[Line]) -> Margin | None:
    known = [(row.net, row.quantity * row.unit_cost) for row in rows if row.unit_cost is not None]
    if not known:
        return None
    net = sum((net for net, _cost in known), ZERO)
    amount = net - sum((cost for _net, cost in known), ZERO)
    return Margin(amount, amount * HUNDRED / net if net else None, len(known), len(rows))
