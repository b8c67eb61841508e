"""The plain formulas of customer value, loyalty and sales.

Every function takes int, float and Decimal. Where one argument is a Decimal, so is the answer, floats being
taken as they print; otherwise it is a float. None means "not available": a denominator is zero.
ValueError for what is not a finite number. Shares and rates are fractions: 0.05 is 5 %.

    churn_rate(lost=50, at_start=1_000)  # 0.05
    clv_annuity(revenue=Decimal(10_000), rate=Decimal("0.1"), years=5)  # Decimal("37907.867…")
"""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeAlias

Number: TypeAlias = int | float | Decimal


def customer_acquisition_cost(cost: Number, new_customers: Number) -> Number | None:
    """Cost of marketing and sales ÷ new customers, both of the same period."""
    return _ratio(*_alike(cost, new_customers))


def clv_retention(revenue: Number, retention: Number, years: Number, rate: Number) -> Number | None:
    """Lifetime value in its simplest form: revenue × retention × years ÷ (1 + rate)^years.

    `revenue` is the average of one customer and year, `retention` the share of customers that stay,
    `rate` the discount rate of a year. None at a rate of −1.
    """
    amount, kept, n, r = _alike(revenue, retention, years, rate)
    return _discounted(amount * kept * n, r, n)


def clv_discounted(contributions: Iterable[Number], rate: Number) -> Number | None:
    """Lifetime value as discounted cash flow: Σ contribution_t ÷ (1 + rate)^t, years counted from 1.

    A contribution is the revenue of a year less its cost. Without years the value is 0.
    """
    r, *flows = _alike(rate, *contributions)
    if r == -1:
        return None
    return sum((_discounted(flow, r, year) for year, flow in enumerate(flows, start=1)), r * 0)


def clv_annuity(revenue: Number, rate: Number, years: Number) -> Number | None:
    """Lifetime value of the same revenue every year: revenue × (1 − (1 + rate)^−years) ÷ rate.

    At a rate of 0 that is revenue × years.
    """
    amount, r, n = _alike(revenue, rate, years)
    _check_rate(r)
    if r == 0:
        return amount * n
    if r == -1:
        return None
    if isinstance(r, Decimal):
        return amount * (1 - (1 + r) ** -n) / r
    # In floats the difference would lose its digits at a small rate.
    return amount * -math.expm1(-n * math.log1p(r)) / r


def net_promoter_score(promoters: Number, passives: Number, detractors: Number) -> Number | None:
    """% promoters (9–10) − % detractors (0–6) of all who answered, −100 … 100; the arguments are counts."""
    would, might, would_not = _alike(promoters, passives, detractors)
    return _ratio(100 * (would - would_not), would + might + would_not)


def churn_rate(lost: Number, at_start: Number) -> Number | None:
    """Customers lost in the period ÷ customers at its start."""
    return _ratio(*_alike(lost, at_start))


def retention_rate(at_end: Number, new: Number, at_start: Number) -> Number | None:
    """(Customers at the end of the period − those new in it) ÷ customers at its start."""
    end, joined, start = _alike(at_end, new, at_start)
    return _ratio(end - joined, start)


def repeat_purchase_rate(repeat_customers: Number, customers: Number) -> Number | None:
    """Customers with two or more orders ÷ customers with at least one."""
    return _ratio(*_alike(repeat_customers, customers))


def loyalty_growth(current: Number, previous: Number) -> Number | None:
    """(R_t − R_t−1) ÷ R_t−1: by how much a customer's revenue grew over the period before."""
    now, before = _alike(current, previous)
    return _ratio(now - before, before)


def customer_value(purchases: Number, cost: Number, length: Number) -> Number | None:
    """(Purchases − cost to serve) ÷ length of the relationship; per year where the length is in years."""
    bought, served, duration = _alike(purchases, cost, length)
    return _ratio(bought - served, duration)


def weighted_score(scores: Iterable[Number | None], weights: Iterable[Number]) -> Number | None:
    """Σ weight × score ÷ Σ weight over the indicators that were rated; a score of None was not.

    Satisfaction and loyalty are such scores. ValueError where there are not as many weights as scores.
    """
    rated = [(score, weight) for score, weight in zip(scores, weights, strict=True) if score is not None]
    values = _alike(*(score for score, _weight in rated), *(weight for _score, weight in rated))
    each, weight_of_each = values[: len(rated)], values[len(rated) :]
    total = sum(weight * score for score, weight in zip(each, weight_of_each, strict=True))
    return _ratio(total, sum(weight_of_each))


def win_rate(won: Number, lost: Number) -> Number | None:
    """Won ÷ (won + lost) of the deals closed in the period."""
    yes, no = _alike(won, lost)
    return _ratio(yes, yes + no)


def sales_velocity(
    open_deals: Number, average_value: Number, win_rate: Number, cycle_days: Number
) -> Number | None:
    """Open deals × average won value × win rate ÷ average cycle in days: revenue to expect per day."""
    deals, value, share, days = _alike(open_deals, average_value, win_rate, cycle_days)
    return _ratio(deals * value * share, days)


def net_revenue_retention(
    start: Number, expansion: Number, contraction: Number, churn: Number
) -> Number | None:
    """(Start + expansion − contraction − churn) ÷ start, of the customers there were at the start."""
    first, more, less, gone = _alike(start, expansion, contraction, churn)
    return _ratio(first + more - less - gone, first)


def gross_revenue_retention(start: Number, contraction: Number, churn: Number) -> Number | None:
    """(Start − contraction − churn) ÷ start: what was kept, whatever was added."""
    first, less, gone = _alike(start, contraction, churn)
    return _ratio(first - less - gone, first)


def _alike(*values: Any) -> list[Any]:
    """The numbers so that they can be reckoned with one another: all Decimal where one is."""
    if not all(math.isfinite(value) for value in values):
        raise ValueError("Not a finite number.")
    if any(isinstance(value, Decimal) for value in values):
        return [value if isinstance(value, Decimal) else Decimal(str(value)) for value in values]
    return list(values)


def _ratio(numerator: Any, denominator: Any) -> Any:
    return numerator / denominator if denominator else None


def _discounted(amount: Any, rate: Any, years: Any) -> Any:
    """What an amount is worth so many years earlier."""
    _check_rate(rate)
    return _ratio(amount, (1 + rate) ** years) if rate != -1 else None


def _check_rate(rate: Any) -> None:
    if rate < -1:
        raise ValueError("A rate cannot be below −1.")
