"""What lines come to: worked examples, and what holds for any lines."""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import DECIMALS
from deals.constants import Period
from deals.pricing import LineAmounts, line_amounts, recurring_amount, totals

D = Decimal


@dataclass(frozen=True)
class Row:
    quantity: Decimal
    net: Decimal
    tax: Decimal
    tax_percent: Decimal
    recurring_period: str = ""
    unit_cost: Decimal | None = None


def row(
    quantity: str = "1",
    price: str = "100",
    discount: str = "0",
    tax: str = "0",
    *,
    currency: str = "EUR",
    period: str = "",
    cost: str | None = None,
) -> Row:
    amounts = line_amounts(D(quantity), D(price), D(discount), D(tax), currency)
    return Row(D(quantity), amounts.net, amounts.tax, D(tax), period, None if cost is None else D(cost))


QUANTITIES = st.decimals("0.001", "99999999999.999", places=3)
PRICES = st.decimals("0", "99999999999999.9999", places=4)
PERCENTS = st.decimals("0", "100", places=2)
CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])


@st.composite
def rows(draw: Any) -> list[Row]:
    """Any lines of one currency."""
    currency = draw(CURRENCIES)
    found = []
    for _ in range(draw(st.integers(0, 12))):
        quantity, tax = draw(QUANTITIES), draw(PERCENTS)
        amounts = line_amounts(quantity, draw(PRICES), draw(PERCENTS), tax, currency)
        cost = draw(st.none() | PRICES)
        period = draw(st.sampled_from(["", *Period.values]))
        found.append(Row(quantity, amounts.net, amounts.tax, tax, period, cost))
    return found


@pytest.mark.parametrize(
    ("numbers", "currency", "net", "tax"),
    [
        (("3", "19.99", "0", "19"), "EUR", "59.97", "11.39"),
        (("1", "0.005", "0", "0"), "EUR", "0.01", "0.00"),  # half goes up
        (("1", "0.0049", "0", "0"), "EUR", "0.00", "0.00"),
        (("2.5", "10", "10", "7"), "EUR", "22.50", "1.58"),  # 1.575
        (("1", "1234.5", "0", "10"), "JPY", "1235", "124"),  # 1234.5 and 123.5: no sen
        (("1", "1.2345", "0", "5"), "KWD", "1.235", "0.062"),  # three decimals
        (("7", "9.99", "100", "19"), "EUR", "0.00", "0.00"),
    ],
)
def test_a_line_is_rounded_half_up_to_its_currency(
    numbers: tuple[str, ...], currency: str, net: str, tax: str
) -> None:
    quantity, price, discount, percent = map(D, numbers)
    found = line_amounts(quantity, price, discount, percent, currency)
    assert (str(found.net), str(found.tax)) == (net, tax)
    assert found.gross == D(net) + D(tax)


@given(QUANTITIES, PRICES, PERCENTS, PERCENTS, CURRENCIES)
def test_a_line_is_the_exact_product_rounded_once(
    quantity: Decimal, price: Decimal, discount: Decimal, tax: Decimal, currency: str
) -> None:
    found = line_amounts(quantity, price, discount, tax, currency)
    step = Fraction(1, 10 ** DECIMALS[currency])
    exact = Fraction(quantity) * Fraction(price) * (100 - Fraction(discount)) / 100
    assert abs(Fraction(found.net) - exact) <= step / 2
    assert abs(Fraction(found.tax) - Fraction(found.net) * Fraction(tax) / 100) <= step / 2
    for value in (found.net, found.tax):
        assert -value.as_tuple().exponent == DECIMALS[currency]
        assert value >= 0


@given(QUANTITIES, PRICES, PERCENTS, CURRENCIES)
def test_no_discount_and_full_discount(
    quantity: Decimal, price: Decimal, tax: Decimal, currency: str
) -> None:
    whole = line_amounts(quantity, price, D(0), tax, currency)
    exact = Fraction(quantity) * Fraction(price)
    assert abs(Fraction(whole.net) - exact) * 2 <= Fraction(1, 10 ** DECIMALS[currency])
    nothing = line_amounts(quantity, price, D(100), tax, currency)
    assert nothing == LineAmounts(D(0), D(0))


@given(rows())
def test_totals_are_the_sums_of_the_lines(lines: list[Row]) -> None:
    found = totals(lines)
    assert found.net == sum(Fraction(line.net) for line in lines)
    assert found.tax == sum(Fraction(line.tax) for line in lines)
    assert Fraction(found.total) == Fraction(found.net) + Fraction(found.tax)
    assert sum(Fraction(rate.net) for rate in found.by_rate) == Fraction(found.net)
    assert sum(Fraction(rate.tax) for rate in found.by_rate) == Fraction(found.tax)
    assert len({rate.percent for rate in found.by_rate}) == len(found.by_rate)
    parts = Fraction(found.one_off) + sum(Fraction(value) for value in found.recurring.values())
    assert parts == Fraction(found.net)


@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_makes_no_difference(lines: list[Row], dice: random.Random) -> None:
    shuffled = list(lines)
    dice.shuffle(shuffled)
    assert totals(shuffled) == totals(lines)


@given(rows())
def test_annualised_is_what_a_year_of_the_recurring_lines_comes_to(lines: list[Row]) -> None:
    times = {Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}
    expected = sum(
        (
            Fraction(line.net) * times[Period(line.recurring_period)]
            for line in lines
            if line.recurring_period
        ),
        Fraction(0),
    )
    assert Fraction(totals(lines).annualised) == expected


@given(rows())
def test_the_margin_covers_the_lines_whose_cost_is_known(lines: list[Row]) -> None:
    known = [line for line in lines if line.unit_cost is not None]
    margin = totals(lines).margin
    if not known:
        assert margin is None
        return
    assert margin is not None
    assert (margin.known, margin.lines) == (len(known), len(lines))
    assert margin.complete == (len(known) == len(lines))
    earned = sum(
        Fraction(line.net) - Fraction(line.quantity) * Fraction(line.unit_cost or 0) for line in known
    )
    assert Fraction(margin.amount) == earned
    assert (margin.percent is None) == (sum(line.net for line in known) == 0)


def test_taxes_are_shown_by_rate_in_order() -> None:
    found = totals([row(tax="19"), row(tax="7"), row(tax="19.00", price="50"), row()])
    assert [(str(rate.percent), rate.net, rate.tax) for rate in found.by_rate] == [
        ("0", D("100.00"), D("0.00")),
        ("7", D("100.00"), D("7.00")),
        ("19", D("150.00"), D("28.50")),
    ]
    assert (found.net, found.tax, found.total) == (D("350.00"), D("35.50"), D("385.50"))


def test_recurring_amounts_are_told_apart() -> None:
    found = totals(
        [row(price="1000"), row(price="50", period="month"), row(price="10", period="month"),
         row(price="600", period="year")]
    )  # fmt: skip
    assert found.one_off == D("1000.00")
    assert found.recurring == {"month": D("60.00"), "year": D("600.00")}
    assert found.annualised == D("1320.00")
    assert recurring_amount(found) == (D("1320.00"), "year")


def test_a_single_period_is_kept_as_it_is() -> None:
    assert recurring_amount(totals([row(price="50", period="quarter"), row()])) == (D("50.00"), "quarter")
    assert recurring_amount(totals([row()])) == (None, "")


def test_margin_in_percent_of_what_is_covered() -> None:
    margin = totals([row(price="100", cost="60"), row(price="500")]).margin
    assert margin is not None
    assert (margin.amount, margin.percent, margin.known, margin.lines) == (D("40.00"), D(40), 1, 2)


def test_rounding_is_half_up_not_to_even() -> None:
    assert (
        D("0.125").quantize(D("0.01"), rounding=ROUND_HALF_UP)
        == line_amounts(D(1), D("0.125"), D(0), D(0), "EUR").net
    )
