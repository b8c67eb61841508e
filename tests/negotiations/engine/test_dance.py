"""Moves, give and get, concessions and the forecast."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.dance import (
    Concession,
    GiveGet,
    Move,
    Side,
    classify_moves,
    concessions,
    forecast,
    give_get,
    times_moved,
)
from negotiations.engine.frontier import Point
from tests.negotiations.engine.domains import prove

SCORES = st.lists(st.integers(0, 10_000), min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("ours", "theirs", "ours_moves", "theirs_move"),
    [
        (100, 100, Move.FORTUNATE, Move.FORTUNATE),
        (100, 0, Move.SELFISH, Move.NICE),
        (100, -100, Move.SELFISH, Move.CONCESSION),
        (-100, 100, Move.CONCESSION, Move.SELFISH),
        (-100, 0, Move.CONCESSION, Move.UNFORTUNATE),
        (0, 100, Move.NICE, Move.SELFISH),
        (0, 0, Move.SILENT, Move.SILENT),
        (0, -100, Move.UNFORTUNATE, Move.CONCESSION),
        (-100, -100, Move.UNFORTUNATE, Move.UNFORTUNATE),
        (50, -50, Move.SILENT, Move.SILENT),
        (51, -51, Move.SELFISH, Move.CONCESSION),
    ],
)
def test_every_class_of_move(ours: int, theirs: int, ours_moves: Move, theirs_move: Move) -> None:
    offers = [Point(5000, 5000), Point(5000 + ours, 5000 + theirs)]
    assert classify_moves(offers, Side.OURS) == [ours_moves]
    assert classify_moves(offers, Side.THEIRS) == [theirs_move]


def test_one_offer_is_no_move() -> None:
    assert classify_moves([], Side.OURS) == []
    assert classify_moves([Point(1, 1)], Side.THEIRS) == []


@prove
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=6))
def test_a_move_seen_from_the_other_side_is_the_mirrored_one(scores) -> None:
    offers, mirrored = [Point(a, b) for a, b in scores], [Point(b, a) for a, b in scores]
    assert classify_moves(offers, Side.OURS) == classify_moves(mirrored, Side.THEIRS)
    assert len(classify_moves(offers, Side.OURS)) == len(offers) - 1


def test_concessions_step_by_step() -> None:
    assert concessions([9000, 8000, 8200, 7000], 5000) == [
        Concession(1000, Fraction(1, 4)),
        Concession(-200, Fraction(-1, 20)),
        Concession(1200, Fraction(3, 10)),
    ]
    assert concessions([9000, 8000]) == [Concession(1000, None)]
    assert concessions([5000, 4000], 5000) == [Concession(1000, None)]
    assert concessions([9000], 0) == []
    assert concessions([], 0) == []


def test_give_and_get_in_our_own_score() -> None:
    found = give_get([9000, 8000, 7500], [2000, 2500, 3500])
    assert (found.given, found.got, found.ratio) == (1500, 1500, 1)
    assert give_get([9000, 8000], [2000]) == GiveGet(1000, 0)
    assert give_get([9000], [2000, 2600]).ratio is None
    assert give_get([], []) == GiveGet(0, 0)


@prove
@given(SCORES, SCORES)
def test_what_was_taken_back_does_not_count_twice(ours, theirs) -> None:
    found = give_get(ours, theirs)
    assert found == GiveGet(ours[0] - ours[-1], theirs[-1] - theirs[0])
    assert found.given == sum(before - after for before, after in pairwise(ours))


def test_how_often_each_issue_moved() -> None:
    offers = [{"price": 9, "term": 30}, {"price": 8, "term": 30}, {"price": 7}, {"price": 7, "term": 60}]
    assert times_moved(offers) == {"price": 2, "term": 1}
    assert times_moved([]) == {}


def test_the_forecast_is_the_midpoint_with_a_band() -> None:
    found = forecast([91_400, 86_400, 84_400], [71_400, 76_400, 78_400])
    assert (found.midpoint, found.low, found.high) == (81_400, 78_900, 83_900)


@pytest.mark.parametrize(("rounds", "reach"), [(2, 1390), (3, 1250), (4, 1130), (9, 1130)])
def test_the_band_narrows_with_the_number_of_offers(rounds: int, reach: int) -> None:
    found = forecast([10_000] * rounds, [0] * rounds)
    assert (found.midpoint, found.low, found.high) == (5000, 5000 - reach, 5000 + reach)


def test_no_forecast_before_each_side_made_two_offers() -> None:
    assert forecast([10], [0, 1, 2]) is None
    assert forecast([10, 9], [0]) is None
    assert forecast([], []) is None


def test_whether_an_overlap_is_likely() -> None:
    selling, buying = ([100, 90], [60, 70]), ([60, 70], [100, 90])
    assert [forecast(*selling, limit).overlap_likely for limit in (80, 81, None)] == [True, False, None]
    assert [forecast(*buying, limit).overlap_likely for limit in (80, 79, None)] == [True, False, None]


@prove
@given(
    st.lists(st.integers(-99, 99), min_size=2, max_size=5),
    st.lists(st.integers(-99, 99), min_size=2, max_size=5),
)
def test_the_band_lies_between_the_offers_on_the_table(ours, theirs) -> None:
    found = forecast(ours, theirs)
    low, high = sorted((ours[-1], theirs[-1]))
    assert low <= found.low <= found.midpoint <= found.high <= high
    assert found.midpoint == Fraction(low + high, 2)
    turned = forecast(theirs, ours)
    assert (turned.midpoint, turned.low, turned.high) == (found.midpoint, found.low, found.high)
