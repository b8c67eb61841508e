"""What the fitted models say of a customer, against sums over every kind of customer there could be."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaincinv, gammaincinv

from analytics.engine.clv import BgNbd, GammaGamma, MbgNbd, ParetoNbd
from analytics.engine.clv.pareto import Terms

FIT = {"log_likelihood": 0.0, "standard_errors": None}
BG = BgNbd(r=0.8, alpha=4.4, a=0.79, b=2.43, **FIT)
MBG = MbgNbd(r=0.8, alpha=6.2, a=0.89, b=1.61, **FIT)
PARETO = ParetoNbd(r=0.8, alpha=10.6, s=0.9, beta=11.7, **FIT)
VALUES = GammaGamma(p=6.25, q=3.74, v=15.44, **FIT)
CUSTOMERS = [(0, 0.0, 30.0), (1, 3.0, 38.0), (2, 30.0, 39.0), (9, 20.0, 24.0), (4, 10.0, 10.0)]
SHARES = (np.arange(1200) + 0.5) / 1200


def every_kind(model):
    """Equally likely rates of buying (down) and chances or rates of dropping out (across)."""
    rates = gammaincinv(model.r, SHARES)[:, None] / model.alpha
    if isinstance(model, ParetoNbd):
        return rates, gammaincinv(model.s, SHARES)[None, :] / model.beta
    return rates, betaincinv(model.a, model.b, SHARES)[None, :]


def by_hand(model, t, x, t_x, age):
    """P(alive), P(a purchase within t) and purchases to expect in t."""
    rate, drop = every_kind(model)
    if isinstance(model, ParetoNbd):
        both = rate + drop
        here = rate**x * np.exp(-both * age)
        gone = rate**x * drop / both * (np.exp(-both * t_x) - np.exp(-both * age))
        buys, expected = rate / both * -np.expm1(-both * t), rate / drop * -np.expm1(-drop * t)
    else:
        chances = x + model.EXTRA
        here = (1 - drop) ** chances * rate**x * np.exp(-rate * age)
        gone = drop * (1 - drop) ** (chances - 1) * rate**x * np.exp(-rate * t_x) if chances else 0 * here
        buys, expected = -np.expm1(-rate * t), -np.expm1(-rate * drop * t) / drop
    total = (here + gone).sum()
    return here.sum() / total, (here * buys).sum() / total, (here * expected).sum() / total


@pytest.mark.parametrize("model", [BG, MBG, PARETO])
@pytest.mark.parametrize("customer", CUSTOMERS)
def test_forecasts_are_those_of_all_kinds_of_customers(model, customer) -> None:
    said = (
        model.p_alive(*customer),
        model.p_purchase_within(13, *customer),
        model.expected_purchases(13, *customer),
    )
    assert said == pytest.approx(by_hand(model, 13, *customer), rel=5e-3)


def test_a_one_time_buyer_cannot_have_dropped_out_under_bgnbd_but_can_under_the_others() -> None:
    assert BG.p_alive(0, 0, 1_000) == 1
    assert MBG.p_alive(0, 0, 1_000) < 0.5
    assert PARETO.p_alive(0, 0, 1_000) < 0.5


@pytest.mark.parametrize("model", [BG, MBG, PARETO])
def test_many_customers_at_once_give_what_each_alone_gives(model) -> None:
    x, t_x, age = (np.array(column) for column in zip(*CUSTOMERS, strict=True))
    for method in (model.expected_purchases, model.p_purchase_within):
        alone = [method(13, *each) for each in CUSTOMERS]
        assert method(13, x, t_x, age).tolist() == pytest.approx(alone, rel=1e-13)
    assert model.p_alive(x, t_x, age).tolist() == [model.p_alive(*each) for each in CUSTOMERS]


@pytest.mark.parametrize("model", [BG, MBG, PARETO])
def test_nothing_is_expected_of_no_time_and_extremes_stay_numbers(model) -> None:
    assert model.expected_purchases(0, 2, 5, 9) == 0
    assert model.p_purchase_within(0, 2, 5, 9) == 0
    assert model.p_alive(0, 0, 0) == pytest.approx(1 if model is not MBG else 1.61 / 2.5)
    assert model.p_alive(5_000, 1, 3_000) < 1e-9
    assert model.p_purchase_within(1e6, 5_000, 3_000, 3_000) == pytest.approx(1, abs=0.01)
    assert 0 < model.expected_purchases(300, 5_000, 3_000, 3_000) < 501


def test_a_customer_that_cannot_be_is_refused() -> None:
    for model in (BG, MBG, PARETO):
        with pytest.raises(ValueError, match="above T"):
            model.p_alive(1, 10, 9)
        with pytest.raises(ValueError, match="t must not be negative"):
            model.expected_purchases(-1, 1, 5, 9)


def test_expected_purchases_pass_smoothly_through_a_equal_to_one() -> None:
    values = [
        BgNbd(r=0.8, alpha=4.4, a=a, b=2.4, **FIT).expected_purchases(50, 3, 10, 12)
        for a in (0.9995, 0.99995, 1.0, 1.00005, 1.0005)
    ]
    assert np.all(np.diff(values) < 0)
    assert values[2] == pytest.approx((values[0] + values[4]) / 2, rel=1e-6)
    ones = [
        ParetoNbd(0.8, 4.4, s, 9, **FIT).expected_purchases(50, 3, 10, 12) for s in (1 - 1e-7, 1, 1 + 1e-7)
    ]
    assert ones[1] == pytest.approx((ones[0] + ones[2]) / 2, rel=1e-9)


@pytest.mark.parametrize(
    ("r", "alpha", "s", "beta", "x", "t_x", "age"),
    [
        (0.55, 10.6, 0.6, 11.7, 0, 0, 39),
        (0.55, 10.6, 0.6, 11.7, 29, 36, 39),
        (0.05, 0.2, 1.2, 113, 0, 0, 96),
        (4.9, 113, 9, 0.2, 3, 50, 90),
        (0.5, 2, 7, 200, 90, 1, 7),
        (1.3, 8, 0.7, 8, 12, 2, 60),
    ],
)
def test_the_integral_over_the_time_of_dropping_out(r, alpha, s, beta, x, t_x, age) -> None:
    terms = Terms(r, alpha, s, beta, *(np.array([float(value)]) for value in (x, t_x, age)))

    def integrand(u: float) -> float:
        powers = (r + x) * np.log((alpha + u) / (alpha + t_x)) + (s + 1) * np.log((beta + u) / (beta + t_x))
        return np.exp(-powers)

    inner = min(age, t_x + 5 * (alpha + t_x) / (r + x + s))
    whole = quad(integrand, t_x, inner, epsabs=0)[0] + quad(integrand, inner, age, epsabs=0)[0]
    first = np.log(s) - (r + x) * np.log(alpha + t_x) - (s + 1) * np.log(beta + t_x)
    assert terms.gone[0] == pytest.approx(first + np.log(whole), abs=5e-6)


def test_the_value_of_a_purchase_is_drawn_towards_the_mean_of_all() -> None:
    mean = 6.25 * 15.44 / 2.74
    assert VALUES.expected_value(0, 0) == pytest.approx(mean)
    assert VALUES.expected_value(0, 999) == pytest.approx(mean)
    assert VALUES.expected_value(2, 60) == pytest.approx(6.25 * (15.44 + 120) / (12.5 + 2.74))
    assert mean < VALUES.expected_value(1, 60) < VALUES.expected_value(8, 60) < 60
    few = GammaGamma(p=2, q=0.9, v=3, **FIT)
    assert np.isnan(few.expected_value(0, 0))
    assert few.expected_value(1, 5) == pytest.approx(2 * 8 / 1.9)


def test_lifetime_value_discounts_period_by_period() -> None:
    customer = (2, 30, 39)
    each = VALUES.expected_value(2, 60)
    first = BG.expected_purchases(4, *customer)
    second = BG.expected_purchases(8, *customer) - first
    said = VALUES.lifetime_value(BG, *customer, 60, periods=2, rate=0.1, period=4, margin=0.5)
    assert said == pytest.approx(0.5 * each * (first / 1.1 + second / 1.21))
    undiscounted = VALUES.lifetime_value(PARETO, *customer, 60, periods=12, rate=0, period=1)
    assert undiscounted == pytest.approx(each * PARETO.expected_purchases(12, *customer))
    for wrong in ({"periods": 0}, {"period": 0}, {"rate": -1}):
        with pytest.raises(ValueError, match="period or more"):
            VALUES.lifetime_value(BG, *customer, 60, **wrong)


def test_where_everybody_drops_out_alike_the_forecast_is_that_of_one_probability() -> None:
    model = BgNbd(r=0.1, alpha=0.3, a=1e6, b=3e7, **FIT)
    p = 1e6 / (3.1e7 + 5)
    alike = model.p_alive(5, 30, 40) * (1 - (1 + p * 90 / 40.3) ** -5.1) / p
    assert model.expected_purchases(90, 5, 30, 40) == pytest.approx(alike, rel=1e-6)
