"""Targets: worked examples, and what must hold for any numbers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.engine.performance import drivers, progress, propose_next, split

D = Decimal
QUARTER = {"start": date(2026, 10, 1), "end": date(2027, 1, 1)}
MONEY = st.decimals(min_value=0, max_value=10**9, places=2)


def test_progress_in_the_middle() -> None:
    found = progress(D(920), D(300), **QUARTER, day=date(2026, 11, 16))
    assert (found.gap, found.expected) == (D(620), D(460))
    assert found.attainment == D(300) / D(920)
    assert found.is_behind
    assert not found.is_met
    assert not found.is_over


@pytest.mark.parametrize(
    ("day", "expected", "over"),
    [
        (date(2026, 9, 1), D(0), False),
        (date(2026, 10, 1), D(0), False),
        (date(2026, 12, 31), D(91), False),
        (date(2027, 1, 1), D(92), True),
        (date(2028, 1, 1), D(92), True),
    ],
)
def test_pace_stays_within_the_period(day: date, expected: D, over: bool) -> None:
    found = progress(D(92), D(92), **QUARTER, day=day)
    assert (found.expected, found.is_over) == (expected, over)
    assert found.is_met
    assert not found.is_behind


def test_no_target_has_no_attainment() -> None:
    assert progress(D(0), D(5), **QUARTER, day=date(2026, 11, 1)).attainment is None


def test_a_met_target_grows_by_a_tenth() -> None:
    found = propose_next(D(1000), [D(1), D(2), D(1000)])
    assert (found.value, found.reason) == (D(1100), "met")


def test_a_missed_target_follows_the_trend() -> None:
    # 100, 120, 140: the line goes on to 160.
    found = propose_next(D(1000), [D(100), D(120), D(140)])
    assert (found.value, found.reason) == (D(160), "trend")


def test_a_falling_trend_never_asks_for_less_than_nothing() -> None:
    assert propose_next(D(1000), [D(900), D(400), D(0)]).value == D(1)


def test_too_short_for_a_trend() -> None:
    found = propose_next(D(1000), [D(100), D(730)], step=D(100))
    assert (found.value, found.reason) == (D(700), "held")


def test_nothing_to_propose_from() -> None:
    with pytest.raises(ValueError, match="nothing"):
        propose_next(D(1), [])


def test_split_by_weight() -> None:
    assert split(D(100), {"direct": D(1), "partner": D(1), "online": D(1)}) == {
        "direct": D("33.34"),
        "partner": D("33.33"),
        "online": D("33.33"),
    }
    assert split(D(7), {"a": D(3), "b": D(0), "c": D(1)}, unit=D(1)) == {"a": D(5), "b": D(0), "c": D(2)}


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.text(min_size=1), st.decimals(0, 10**6, places=3), min_size=1, max_size=8),
)
def test_the_parts_add_up(cents: int, weights: dict[str, D]) -> None:
    total = D(cents) / 100
    if not any(weights.values()):
        with pytest.raises(ValueError, match="weights"):
            split(total, weights)
        return
    parts = split(total, weights)
    assert sum(parts.values(), D(0)) == total
    whole = sum(weights.values())
    for name, part in parts.items():
        assert abs(part - total * weights[name] / whole) < D("0.011")


@pytest.mark.parametrize("weights", [{}, {"a": D(0)}, {"a": D(2), "b": D(-1)}])
def test_weights_that_split_nothing(weights: dict[str, D]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(D(10), weights)


def test_one_factor_alone_explains_the_change() -> None:
    twice_as_many = drivers((10, 5, D(500)), (20, 10, D(1000)))
    assert twice_as_many is not None
    assert (twice_as_many.volume, twice_as_many.win_rate, twice_as_many.size) == (D(500), D(0), D(0))
    better = drivers((10, 5, D(500)), (10, 6, D(600)))
    assert better is not None
    assert (better.volume, better.win_rate, better.size) == (D(0), D(100), D(0))
    larger = drivers((10, 5, D(500)), (10, 5, D(750)))
    assert larger is not None
    assert (larger.volume, larger.win_rate, larger.size) == (D(0), D(0), D(250))


def test_all_three_by_hand() -> None:
    # 10 × 0.5 × 100 = 500 → 20 × 0.25 × 300 = 1,500. Each step of a factor is weighted by the others
    # as they were (1/3), half changed (1/6 each) and changed (1/3):
    # volume 10 × (50/3 + 25/6 + 150/6 + 75/3), rate −0.25 × (1000/3 + 2000/6 + 3000/6 + 6000/3),
    # size 200 × (5/3 + 10/6 + 2.5/6 + 5/3); the cent that rounding leaves goes to the largest.
    found = drivers((10, 5, D(500)), (20, 5, D(1500)))
    assert found is not None
    assert (found.volume, found.win_rate, found.size) == (D("708.33"), D("-791.67"), D("1083.34"))


def test_nothing_won_explains_nothing() -> None:
    assert drivers((10, 0, D(0)), (10, 5, D(100))) is None
    assert drivers((10, 5, D(100)), (0, 0, D(0))) is None


@st.composite
def _results(draw: st.DrawFn) -> tuple[int, int, D]:
    decided = draw(st.integers(1, 1000))
    return decided, draw(st.integers(1, decided)), draw(MONEY)


@given(_results(), _results())
def test_the_effects_add_up_to_the_change(before: tuple[int, int, D], now: tuple[int, int, D]) -> None:
    found, back = drivers(before, now), drivers(now, before)
    assert found is not None
    assert back is not None
    assert found.total == now[2] - before[2]
    # Going back undoes each effect, but for a cent of rounding.
    for name in ("volume", "win_rate", "size"):
        assert abs(getattr(found, name) + getattr(back, name)) <= D("0.02")
