"""Shares, intervals, velocity and lengths of stay against closed forms and published values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.engine.accuracy import Accuracy, Point, accuracy
from deals.engine.chances import chance, conversions, share, velocity, wilson, win_rate
from deals.engine.stays import median, stays, survival_median


@pytest.mark.parametrize(
    ("part", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_as_published(part, n, low, high):
    assert wilson(part, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_is_its_mirror(case):
    part, n = case
    low, high = wilson(part, n)
    assert 0 <= low <= part / n <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx(wilson(n - part, n))


def test_nothing_counted_is_not_zero():
    assert wilson(0, 0) is None
    assert (share(0, 0).rate, share(0, 0).low, win_rate(0, 0).rate) == (None, None, None)
    assert win_rate(3, 1).rate == 0.75


def test_a_stage_is_measured_from_twenty_closed_deals_on():
    few = chance(set_percent=40, won=10, closed=19)
    assert (few.is_measured, few.value, few.measured.n) == (False, Decimal("0.4"), 19)
    enough = chance(set_percent=40, won=5, closed=20)
    assert (enough.is_measured, enough.value) == (True, Decimal("0.25"))
    assert (enough.measured.low, enough.measured.high) == (
        pytest.approx(0.1119, abs=5e-5),
        pytest.approx(0.4687, abs=5e-5),
    )
    assert chance(set_percent=40, won=0, closed=0).value == Decimal("0.4")


def test_velocity():
    # 50 open deals × 10,000 × 20 % ÷ 60 days
    found = velocity(open_deals=50, average_won=Decimal(10_000), rate=0.2, cycle_days=60)
    assert found == pytest.approx(Decimal("1666.6667"), abs=Decimal("0.0001"))
    assert velocity(open_deals=0, average_won=Decimal(1), rate=0.5, cycle_days=1) == 0
    assert velocity(open_deals=1, average_won=None, rate=0.5, cycle_days=1) is None
    assert velocity(open_deals=1, average_won=Decimal(1), rate=None, cycle_days=1) is None
    assert velocity(open_deals=1, average_won=Decimal(1), rate=0.5, cycle_days=0) is None


def test_conversions_of_the_step_before():
    assert conversions([200, 100, 25, 0, 0]) == [None, 0.5, 0.25, 0, None]
    assert conversions([]) == []


@given(st.lists(st.integers(0, 50), min_size=1))
def test_the_median_is_that_of_the_list(values):
    from statistics import median as of_list

    assert median({value: values.count(value) for value in values}) == of_list(values)


def test_kaplan_meier_median():
    # Freireich (1963): remission of leukaemia in weeks under 6-MP, 21 patients; the median is 23.
    ended = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    running = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    assert survival_median(ended, running) == 23
    # Without anything running it is the lower median.
    assert survival_median({1: 1, 2: 1, 3: 1}, {}) == 2
    assert survival_median({1: 1}, {5: 9}) is None
    assert survival_median({}, {}) is None


def test_stays_tell_running_ones_apart():
    found = stays({2: 2, 10: 1}, {30: 3})
    assert (found.ended, found.median, found.running, found.running_median) == (3, 2, 3, 30)
    assert found.survival == 10
    empty = stays({}, {})
    assert (empty.median, empty.running_median, empty.survival) == (None, None, None)


def test_accuracy_by_distance():
    points = [
        Point("a", 4, Decimal(120), Decimal(100)), Point("b", 4, Decimal(90), Decimal(100)),
        Point("c", 4, Decimal(50), Decimal(0)), Point("a", 1, Decimal(100), Decimal(100)),
    ]  # fmt: skip
    assert accuracy(points) == [
        Accuracy(4, 2, Decimal("0.15"), Decimal("0.05")), Accuracy(1, 1, Decimal(0), Decimal(0)),
    ]  # fmt: skip
    assert accuracy([]) == []
