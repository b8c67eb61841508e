"""From parsed rows to orders: rows of one number are the lines of one order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import organisation_zone
from accounts.organisation import get_organisation
from core.imports.parsed import Parsed, Reason
from core.imports.plan import Plan

CENT = Decimal("0.01")
_ZERO = Decimal(0)
_MOST_QUANTITY = Decimal(10) ** 11
_MOST_PRICE = Decimal(10) ** 14


class Line(NamedTuple):
    """One product of an order. `amount` is exact, before rounding."""

    sku: str
    description: str
    quantity: Decimal
    price: Decimal
    amount: Decimal


@dataclass(slots=True)
class Draft:
    """An order in the making."""

    number: str
    ordered_at: dt.datetime
    currency: str
    channel: str
    customer: tuple[str, str, str]  # number, e-mail, name
    country: str
    places: list[int] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    moments: set[dt.datetime] = field(default_factory=set)
    customer_id: int | None = None
    pk: int = 0

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), _ZERO)


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


class OrderBuilder:
    """Groups the rows of a chunk into orders and notes what is wrong with single rows."""

    def __init__(self, plan: Plan, rows: Parsed, run_id: int) -> None:
        self.plan = plan
        self.rows = rows
        self.run_id = run_id
        self.zone = organisation_zone()
        self.now = timezone.now()
        self.base_currency = get_organisation().base_currency
        self._moments: dict[dt.datetime, dt.datetime] = {}
        column = rows.column
        self.numbers, self.dates = column("number"), column("ordered_at")
        self.skus, self.descriptions = column("sku"), column("description")
        self.quantities, self.prices, self.amounts = (
            column("quantity"),
            column("unit_price"),
            column("amount"),
        )
        self.currencies, self.channels = column("currency"), column("channel")
        self.customers = list(
            zip(column("customer_number"), column("customer_email"), column("customer_name"), strict=True)
        )
        self.countries = column("country")

    def build(self) -> dict[str, Draft]:
        """Orders by number, in the order of the file."""
        found: dict[str, Draft] = {}
        problems = self.rows.problems
        for place, row in enumerate(self.rows.rows):
            number = self.numbers[place] or f"{self.run_id}-{row.number}"
            draft = found.get(number)
            if draft is None:
                draft = found[number] = self._start(number, place)
            draft.places.append(place)
            if place not in problems:
                line = self._line(place, draft)
                if line is not None:
                    draft.lines.append(line)
        return found

    def _start(self, number: str, place: int) -> Draft:
        customer = tuple(text or "" for text in self.customers[place])
        return Draft(
            number,
            self.now,
            self.currencies[place] or "",
            self.channels[place] or "",
            customer,  # type: ignore[arg-type]
            self.countries[place] or "",
        )

    def _line(self, place: int, draft: Draft) -> Line | None:
        moment = self.dates[place]
        if moment is None:
            self._problem(place, "no_date", _("An order needs its date."), "ordered_at")
            return None
        aware = self._moments.get(moment)
        if aware is None:
            aware = self._moments[moment] = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        if not draft.moments or aware < draft.ordered_at:
            draft.ordered_at = aware
        draft.moments.add(aware)
        return self._priced(place, draft)

    def _priced(self, place: int, draft: Draft) -> Line | None:
        quantity, price = self.quantities[place], self.prices[place]
        money = price if price is not None else self.amounts[place]
        if money is None:
            self._problem(place, "no_price", _("There is neither a price nor an amount."), "unit_price")
            return None
        if quantity is None:
            quantity = Decimal(1)
        value = money.amount
        if price is None:  # only the amount of the line is known
            amount, value = value, value / quantity if quantity else value
            value = value.quantize(Decimal("0.0001"))
        else:
            amount = quantity * value
        if abs(quantity) >= _MOST_QUANTITY or abs(value) >= _MOST_PRICE or abs(amount) >= _MOST_PRICE:
            self._problem(place, "too_large", _("The quantity or the price is too large."), "quantity")
            return None
        if not draft.currency:
            draft.currency = money.currency or self.base_currency
        if money.currency and money.currency != draft.currency:
            text = _("The lines of this order are in different currencies.")
            self._problem(place, "currencies", text, "unit_price")
            return None
        return Line(self.skus[place] or "", self.descriptions[place] or "", quantity, value, amount)

    def _problem(self, place: int, code: str, text: str, key: str) -> None:
        self.rows.problem(place, Reason(code, text, self.plan.header_of(key)))
