"""The models find the published figures and their own parameters, and refuse what cannot be."""

import numpy as np
import pytest
from scipy.special import betaln, gammaln

from analytics.engine.clv import (
    beta_geometric,
    fit_bgnbd,
    fit_gamma_gamma,
    fit_mbgnbd,
    fit_pareto_nbd,
    gamma_gamma,
    pareto,
)
from analytics.engine.clv.history import collapsed
from tests.analytics.engine.cdnow import purchases, summary
from tests.analytics.engine.simulated import simulated

FITS = [fit_bgnbd, fit_mbgnbd, fit_pareto_nbd]


def test_bgnbd_on_cdnow_as_published() -> None:
    model = fit_bgnbd(*summary())
    found = [round(value, 3) for value in (model.r, model.alpha, model.a, model.b)]
    assert (found, round(model.log_likelihood, 1)) == ([0.243, 4.414, 0.793, 2.426], -9582.4)


def test_pareto_nbd_on_cdnow_as_published() -> None:
    model = fit_pareto_nbd(*summary())
    found = [round(value, 3) for value in (model.r, model.alpha, model.s, model.beta)]
    assert (found, round(model.log_likelihood, 1)) == ([0.553, 10.578, 0.606, 11.669], -9595.0)


def test_mbgnbd_fits_cdnow_a_little_better_than_bgnbd() -> None:
    model = fit_mbgnbd(*summary())
    found = [round(value, 3) for value in (model.r, model.alpha, model.a, model.b)]
    assert (found, round(model.log_likelihood, 1)) == ([0.525, 6.183, 0.891, 1.614], -9582.1)


def test_bgnbd_foretells_half_a_year_of_cdnow() -> None:
    customers, days, _amounts = purchases()
    cut, horizon = 365, 181
    first, last, count = (np.full(customers.max() + 1, value) for value in (9999, 0, 0))
    before, after = days < cut, (days >= cut) & (days < cut + horizon)
    np.minimum.at(first, customers, days)
    np.maximum.at(last, customers[before], days[before])
    np.add.at(count, customers[before], 1)
    known = count > 0
    x, t_x, age = count[known] - 1, (last - first)[known], (cut - first)[known]
    bought = np.bincount(customers[after], minlength=len(count))[known]
    model = fit_bgnbd(x, t_x, age)
    said = model.p_purchase_within(horizon, x, t_x, age)
    assert auc(said, bought > 0) == pytest.approx(0.788, abs=0.0005)
    assert np.mean((said - (bought > 0)) ** 2) == pytest.approx(0.131, abs=0.0005)
    # Had they all gone on at their own rate so far, they would have bought 2.5 times as much.
    expected = model.expected_purchases(horizon, x, t_x, age).sum()
    assert expected / bought.sum() == pytest.approx(0.962, abs=0.002)
    assert ((x + 1) / age).sum() * horizon / bought.sum() == pytest.approx(2.54, abs=0.01)


def auc(score: np.ndarray, happened: np.ndarray) -> float:
    """How often one to whom it happened scores higher than one to whom it did not; ties count half."""
    _values, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positive = happened.sum()
    least = positive * (positive + 1) / 2
    return float((rank[happened].sum() - least) / (positive * (len(score) - positive)))


def test_equal_customers_may_be_given_as_weights() -> None:
    x, t_x, age, counts = np.array([[0, 0, 30, 5], [2, 10, 30, 3], [1, 5, 20, 4], [4, 19, 25, 2]], float).T
    order = np.repeat([3, 1, 0, 2], [2, 3, 5, 4])
    for fit in FITS:
        assert fit(x, t_x, age, weights=counts) == fit(x[order], t_x[order], age[order])


@pytest.mark.parametrize("fit", FITS)
def test_the_fit_does_not_depend_on_the_unit_of_time(fit) -> None:
    x, t_x, age = simulated(3_000)
    days, weeks = fit(x, t_x, age), fit(x, t_x / 7, age / 7)
    assert weeks.alpha == pytest.approx(days.alpha / 7, rel=1e-3)
    assert weeks.r == pytest.approx(days.r, rel=1e-3)
    same = days.p_purchase_within(70, 2, 35, 63)
    assert weeks.p_purchase_within(10, 2, 5, 9) == pytest.approx(same, rel=1e-3)


def test_parameters_are_found_again_within_their_standard_errors() -> None:
    model = fit_bgnbd(*simulated(20_000, r=0.25, alpha=30, a=0.8, b=2.4))
    for name, true in {"r": 0.25, "alpha": 30, "a": 0.8, "b": 2.4}.items():
        assert abs(getattr(model, name) - true) < 3 * model.standard_errors[name]
        assert model.standard_errors[name] < 0.25 * true


def test_a_fit_that_started_from_part_of_the_data_ends_at_the_top_of_the_whole() -> None:
    history = collapsed(*simulated(30_000))
    assert len(history.x) > 2 * beta_geometric.ROUGH_ROWS
    model = fit_bgnbd(history.x, history.t_x, history.T, history.weights)
    parameters = np.array([model.r, model.alpha, model.a, model.b])
    _value, gradient = beta_geometric.likelihood(history, 0)(parameters)
    errors = np.array(list(model.standard_errors.values()))
    assert np.abs(gradient * errors).max() < 0.01


def test_gamma_gamma_finds_its_parameters() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(1, 12, 20_000)
    scale = rng.gamma(3.7, 1 / 15.4, x.size)
    model = fit_gamma_gamma(x, rng.gamma(6.25 * x) / scale / x)
    for name, true in {"p": 6.25, "q": 3.7, "v": 15.4}.items():
        assert abs(getattr(model, name) - true) < 3 * model.standard_errors[name]


def test_gamma_gamma_on_all_of_cdnow_is_near_the_published_sample() -> None:
    customers, days, amounts = purchases()
    early = days < 273
    first = np.full(customers.max() + 1, 9999)
    np.minimum.at(first, customers, days)
    repeat = early & (days > first[customers])
    count = np.bincount(customers[repeat])
    spent = np.bincount(customers[repeat], amounts[repeat])
    some = (count > 0) & (spent > 0)
    model = fit_gamma_gamma(count[some], spent[some] / count[some])
    # The sample of 946 gives p 6.25, q 3.74, v 15.44, with a standard error of 1.2, 0.3 and 4.2.
    assert model.p == pytest.approx(6.25, abs=1.2)
    assert model.q == pytest.approx(3.74, abs=0.3)
    assert model.v == pytest.approx(15.44, abs=4.2)
    assert model.standard_errors["q"] < 0.12


HISTORY = collapsed([0, 0, 1, 7, 300], [0, 0, 4, 9, 20], [5, 30, 4, 11, 25], [3, 2, 1, 2, 1])


@pytest.mark.parametrize(
    ("likelihood", "at"),
    [
        (beta_geometric.likelihood(HISTORY, 0), [0.3, 5, 0.8, 0.9]),
        (beta_geometric.likelihood(HISTORY, 1), [1.3, 5, 1.8, 2.5]),
        (pareto.likelihood(HISTORY), [0.3, 5, 0.8, 12]),
        (pareto.likelihood(HISTORY), [2.3, 15, 0.8, 2]),
        (gamma_gamma.likelihood(np.array([1.0, 3]), np.array([10.0, 4]), np.array([2.0, 5])), [3, 2, 9]),
    ],
)
def test_gradients_are_the_slopes_of_the_likelihood(likelihood, at) -> None:
    at = np.array(at, dtype=float)
    slopes = [(likelihood(at + step)[0] - likelihood(at - step)[0]) / 2e-5 for step in np.eye(len(at)) * 1e-5]
    assert likelihood(at)[1] == pytest.approx(slopes, rel=1e-5, abs=1e-5)


def test_bgnbd_likelihood_by_the_textbook() -> None:
    r, alpha, a, b = 0.3, 5.0, 0.8, 2.5
    x, t_x, age = 3.0, 10.0, 25.0
    gone = np.exp(betaln(a + 1, b + x - 1) - betaln(a, b)) / (alpha + t_x) ** (r + x)
    here = np.exp(betaln(a, b + x) - betaln(a, b)) / (alpha + age) ** (r + x)
    expected = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + np.log(gone + here)
    history = collapsed([3, 3], [10, 10], [25, 25])
    value, _gradient = beta_geometric.likelihood(history, 0)(np.array([r, alpha, a, b]))
    assert value == pytest.approx(2 * expected, rel=1e-12)


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize(
    ("x", "t_x", "age", "says"),
    [
        ([], [], [], "Nothing to learn"),
        ([2], [5], [9], "Nothing to learn"),
        ([0, 0, 0], [0, 0, 0], [9, 8, 7], "Nothing to learn"),
        ([1, 2], [5, 6], [9, 0], "T must|t_x must"),
        ([0, 2], [0, 6], [0, 9], "T must be above 0"),
        ([1, 2], [5, 10], [9, 9], "t_x must not be above T"),
        ([0, 2], [1, 6], [9, 9], "t_x must be 0 where x is 0"),
        ([1, float("nan")], [5, 6], [9, 9], "x must be finite"),
        ([1, 2], [5, float("inf")], [9, 9], "t_x must be finite"),
        ([1, -2], [5, 6], [9, 9], "x must not be negative"),
        ([1, 2.5], [5, 6], [9, 9], "x must be whole"),
        ([1, 2], [5, "soon"], [9, 9], "t_x must be numbers"),
        (1, 5, 9, "must be lists"),
        ([1, 2, 3], [5, 6], [9, 9], "shape"),
    ],
)
def test_histories_that_cannot_be_are_refused(fit, x, t_x, age, says) -> None:
    with pytest.raises(ValueError, match=says):
        fit(x, t_x, age)


def test_weights_that_cannot_be_are_refused() -> None:
    for weights, says in (([1], "as many weights"), ([1, -1], "negative"), ([0, 0], "Nothing to learn")):
        with pytest.raises(ValueError, match=says):
            fit_bgnbd([1, 2], [5, 6], [9, 9], weights=weights)


@pytest.mark.parametrize(
    ("x", "value", "says"),
    [
        ([1, 2], [10, 0], "above 0"),
        ([0, 0], [10, 12], "Nothing to learn"),
        ([3], [10], "Nothing to learn"),
        ([3, 4], [10, 10], "differ"),
        ([3, 4], [10, -1], "negative"),
        ([3, 4], [10], "as many values"),
        ([3, 4], [10, float("nan")], "finite"),
    ],
)
def test_values_that_cannot_be_are_refused(x, value, says) -> None:
    with pytest.raises(ValueError, match=says):
        fit_gamma_gamma(x, value)


def test_no_standard_errors_where_the_data_do_not_determine_the_parameters() -> None:
    model = fit_bgnbd([3, 3, 3], [9, 9, 9], [10, 10, 10])
    assert model.standard_errors is None
    assert 0 < model.p_alive(3, 9, 10) <= 1
