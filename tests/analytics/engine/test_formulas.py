"""The plain formulas: their worked examples, what is not available, and money that stays Decimal."""

import math
from decimal import Decimal

import pytest

from analytics.engine import formulas as f


def test_acquisition_cost() -> None:
    assert f.customer_acquisition_cost(10_000, 100) == 100
    assert f.customer_acquisition_cost(cost=10_000, new_customers=0) is None


def test_lifetime_value_by_retention() -> None:
    assert round(f.clv_retention(1_000, 0.8, 1, 0.05), 2) == 761.90
    assert f.clv_retention(revenue=1_000, retention=0.8, years=3, rate=0) == pytest.approx(2_400)
    assert f.clv_retention(1_000, 0.8, 1, -1) is None


def test_lifetime_value_as_discounted_cash_flow() -> None:
    assert round(f.clv_discounted([1_000, 800, 600], 0.1), 2) == 2_021.04
    assert f.clv_discounted(contributions=[1_000, -200], rate=0) == 800
    assert f.clv_discounted([], 0.1) == 0
    assert f.clv_discounted([100], -1) is None
    assert f.clv_discounted((money for money in [Decimal(110)]), 0.1) == Decimal(100)


def test_lifetime_value_of_an_annuity() -> None:
    assert round(f.clv_annuity(10_000, 0.1, 5), 2) == 37_907.87
    exact = f.clv_annuity(revenue=Decimal(10_000), rate=Decimal("0.1"), years=5)
    assert round(exact, 2) == Decimal("37907.87")
    assert f.clv_annuity(10_000, 0, 5) == 50_000
    assert f.clv_annuity(10_000, -1, 5) is None
    assert f.clv_annuity(10_000, 0.1, 0) == 0


def test_an_annuity_at_a_tiny_rate_is_nearly_the_sum_of_its_years() -> None:
    assert f.clv_annuity(1, 1e-13, 10) == pytest.approx(10 - 55e-13, rel=1e-15)
    assert f.clv_annuity(1, 0.1, 2) == pytest.approx(f.clv_discounted([1, 1], 0.1), rel=1e-15)


def test_a_rate_below_minus_one_is_refused() -> None:
    for value in (lambda: f.clv_annuity(1, -2, 5), lambda: f.clv_discounted([1], -2)):
        with pytest.raises(ValueError, match="below −1"):
            value()


def test_net_promoter_score_counts_everybody_who_answered() -> None:
    assert f.net_promoter_score(40, 30, 30) == 10
    assert f.net_promoter_score(promoters=0, passives=0, detractors=7) == -100
    assert f.net_promoter_score(0, 5, 0) == 0
    assert f.net_promoter_score(0, 0, 0) is None


def test_churn_and_retention() -> None:
    assert f.churn_rate(50, 1_000) == 0.05
    assert f.churn_rate(lost=0, at_start=0) is None
    assert f.retention_rate(1_000 - 50 + 80, 80, 1_000) == 0.95
    assert f.retention_rate(at_end=80, new=80, at_start=0) is None


def test_repeat_purchases_growth_and_value() -> None:
    assert f.repeat_purchase_rate(25, 100) == 0.25
    assert f.repeat_purchase_rate(repeat_customers=0, customers=0) is None
    assert f.loyalty_growth(9_000, 8_000) == 0.125
    assert f.loyalty_growth(current=9_000, previous=0) is None
    assert f.customer_value(12_000, 3_000, 3) == 3_000
    assert f.customer_value(purchases=12_000, cost=3_000, length=0) is None


def test_a_weighted_score_leaves_out_what_was_not_rated() -> None:
    assert f.weighted_score([4, 2], [3, 1]) == 3.5
    assert f.weighted_score([4, None, 2], [3, 96, 1]) == 3.5
    assert f.weighted_score(scores=[Decimal(4), None], weights=[0.5, 2]) == Decimal(4)
    assert f.weighted_score([None], [1]) is None
    assert f.weighted_score([], []) is None
    assert f.weighted_score([5], [0]) is None
    with pytest.raises(ValueError):
        f.weighted_score([1, 2], [1])


def test_sales() -> None:
    assert f.win_rate(3, 1) == 0.75
    assert f.win_rate(won=0, lost=0) is None
    assert f.sales_velocity(20, 5_000, 0.25, 50) == 500
    assert f.sales_velocity(open_deals=20, average_value=1, win_rate=1, cycle_days=0) is None


def test_revenue_retention() -> None:
    assert f.net_revenue_retention(1_000, 200, 50, 100) == 1.05
    assert f.gross_revenue_retention(1_000, 50, 100) == 0.85
    assert f.net_revenue_retention(start=0, expansion=5, contraction=0, churn=0) is None
    assert f.gross_revenue_retention(start=0, contraction=0, churn=0) is None


@pytest.mark.parametrize(
    "value",
    [
        f.customer_acquisition_cost(Decimal("10000.50"), 100),
        f.clv_retention(Decimal(1_000), 0.8, 1, 0.05),
        f.clv_retention(1_000, 0.8, Decimal("1.5"), 0.05),
        f.clv_discounted([Decimal(1_000), 800.5], 0.1),
        f.clv_discounted([], Decimal("0.1")),
        f.clv_annuity(Decimal(10), 0, 5),
        f.clv_annuity(Decimal(10), 0.1, 2.5),
        f.net_promoter_score(Decimal(4), 3, 3),
        f.sales_velocity(20, Decimal("5000.10"), 0.25, 50.0),
        f.net_revenue_retention(Decimal(9), 1.5, 0, 2),
    ],
)
def test_money_in_gives_money_out(value) -> None:
    assert isinstance(value, Decimal)


def test_a_float_beside_money_counts_as_it_prints() -> None:
    assert f.customer_value(Decimal("0.3"), 0.1, 1) == Decimal("0.2")


@pytest.mark.parametrize("bad", [math.nan, math.inf, Decimal("NaN"), Decimal("-Infinity")])
def test_what_is_no_number_is_refused(bad) -> None:
    with pytest.raises(ValueError, match="finite"):
        f.churn_rate(bad, 10)
