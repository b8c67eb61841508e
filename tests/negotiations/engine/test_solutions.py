"""The bargaining solutions: closed forms, brute force, axioms, and what happens at the edges."""

from fractions import Fraction
from math import isqrt, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.frontier import Point, pareto_frontier_exact
from negotiations.engine.scoring import Issue, Preferences
from negotiations.engine.solutions import egalitarian, kalai_smorodinsky, nash, nearest, utilitarian
from tests.negotiations.engine.domains import DISAGREEMENTS, every_point, prove, tables

POWERS = st.fractions(0, 1, max_denominator=7)
PIE = [Point(Fraction(i, 120), 1 - Fraction(i, 120), (i,)) for i in range(121)]


def pairs(points):
    return [(point.ours, point.theirs) for point in points]


# Closed forms


def test_the_pie_is_split_equally_beyond_the_disagreement() -> None:
    d1, d2 = Fraction(1, 10), Fraction(3, 10)
    half = d1 + (1 - d1 - d2) / 2
    for solution in (nash, kalai_smorodinsky, egalitarian):
        assert pairs(solution(PIE, d1, d2)) == [(half, 1 - half)]


@pytest.mark.parametrize("power", [Fraction(1, 4), Fraction(2, 3), 0.25, 0, 1])
def test_with_power_the_pie_is_split_in_its_proportion(power) -> None:
    d1, d2 = Fraction(1, 10), Fraction(3, 10)
    share = d1 + Fraction(power) * (1 - d1 - d2)
    assert pairs(nash(PIE, d1, d2, power)) == [(share, 1 - share)]


@pytest.mark.parametrize("exponent", [1, 2, 3])
def test_risk_aversion_costs_share(exponent: int) -> None:
    # u1 = x^g, u2 = 1 - x: the Nash share is g/(1+g).
    points = [Point(Fraction(i, 60) ** exponent, 1 - Fraction(i, 60), (i,)) for i in range(61)]
    (found,) = nash(points, 0, 0)
    assert Fraction(found.package[0], 60) == Fraction(exponent, 1 + exponent)


def test_kalai_smorodinsky_with_a_root() -> None:
    # u1 = sqrt(x), u2 = 1 - x: x = (3 - sqrt 5)/2. Roots are taken as whole numbers of 10^-12.
    steps = 10_000
    points = [
        Point(isqrt(10**24 * i // steps), 10**12 * (steps - i) // steps, (i,)) for i in range(steps + 1)
    ]
    (found,) = kalai_smorodinsky(points, 0, 0)
    assert abs(found.package[0] / steps - (3 - sqrt(5)) / 2) < 1 / steps


@pytest.mark.parametrize(("power", "ours", "theirs"), [(Fraction(1, 2), 1, 1), (Fraction(1, 3), 2, 1)])
def test_the_offers_of_rubinstein_tie_in_the_product(power, ours, theirs) -> None:
    # Each side's offer in alternating bargaining, (1-d2)/(1-d1 d2), gives the same weighted product, with the
    # power of the patience; what lies between is better, so the limit of patience is the Nash solution.
    patience = Fraction(9, 10)
    d1, d2 = patience**ours, patience**theirs
    ours_first = (1 - d2) / (1 - d1 * d2)
    theirs_first = d1 * ours_first
    assert 1 - theirs_first == (1 - d1) / (1 - d1 * d2)
    offers = [Point(x, 1 - x) for x in (ours_first, theirs_first)]
    assert nash(offers, 0, 0, power) == offers
    middle = Point((ours_first + theirs_first) / 2, 1 - (ours_first + theirs_first) / 2)
    assert nash([*offers, middle], 0, 0, power) == [middle]


def test_bill_and_jack() -> None:
    # Nash 1950: Bill gives book, whip, ball and bat, Jack gives pen, toy and knife; gains 12 and 5.
    bills = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
    jacks = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
    bill = [[0, -worth] for worth, _jack in bills.values()] + [[0, worth] for worth, _jack in jacks.values()]
    jack = [[0, worth] for _bill, worth in bills.values()] + [[0, -worth] for _bill, worth in jacks.values()]
    (found,) = nash(pareto_frontier_exact(bill, jack), 0, 0)
    assert found == Point(12, 5, (1, 1, 1, 1, 0, 1, 1, 1, 0))
    assert nash(every_point(bill, jack), 0, 0) == [found]


# Brute force


def reference(points, d_ours, d_theirs, worth):
    """All points of the largest worth, worked out in fractions."""
    rational = [p for p in points if p.ours >= d_ours and p.theirs >= d_theirs]
    worths = [worth(Fraction(p.ours) - d_ours, Fraction(p.theirs) - d_theirs) for p in rational]
    return [p for p, w in zip(rational, worths, strict=True) if w == max(worths)]


@prove
@given(tables(3, 4), DISAGREEMENTS, POWERS)
def test_every_solution_is_what_brute_force_finds_with_all_ties(both, disagreement, power) -> None:
    points = every_point(*both)
    m, n = power.numerator, power.denominator - power.numerator
    for found, worth in [
        (nash(points, *disagreement), lambda a, b: a * b),
        (nash(points, *disagreement, power), lambda a, b: a**m * b**n),
        (egalitarian(points, *disagreement), min),
        (utilitarian(points, *disagreement), lambda a, b: a + b),
    ]:
        assert found == reference(points, *disagreement, worth)


@prove
@given(tables(3, 4), DISAGREEMENTS)
def test_kalai_smorodinsky_is_what_brute_force_finds_with_all_ties(both, disagreement) -> None:
    points = every_point(*both)
    rational = [p for p in points if p.ours >= disagreement[0] and p.theirs >= disagreement[1]]
    hopes = [max((side(p) for p in rational), default=0) for side in (lambda p: p.ours, lambda p: p.theirs)]

    def smaller_share(a: Fraction, b: Fraction) -> Fraction:
        room = [hope - d for hope, d in zip(hopes, disagreement, strict=True)]
        return min(gain / width if width else Fraction(1) for gain, width in zip((a, b), room, strict=True))

    assert kalai_smorodinsky(points, *disagreement) == reference(points, *disagreement, smaller_share)


@prove
@given(tables(3, 4), DISAGREEMENTS)
def test_the_frontier_holds_a_solution_where_there_is_one(both, disagreement) -> None:
    everything, frontier = every_point(*both), pareto_frontier_exact(*both)
    for solution in (nash, kalai_smorodinsky, utilitarian):
        best = set(pairs(solution(everything, *disagreement)))
        assert set(pairs(solution(frontier, *disagreement))) <= best
        assert bool(solution(frontier, *disagreement)) == bool(best)


# Axioms


@prove
@given(tables(3, 4), DISAGREEMENTS)
def test_exchanging_the_sides_exchanges_the_solutions(both, disagreement) -> None:
    points = every_point(*both)
    turned = [Point(p.theirs, p.ours, p.package) for p in points]
    for solution in (nash, kalai_smorodinsky, egalitarian, utilitarian):
        found = [p.package for p in solution(points, *disagreement)]
        assert [p.package for p in solution(turned, *disagreement[::-1])] == found


@prove
@given(
    tables(3, 4),
    DISAGREEMENTS,
    st.fractions(min_value=Fraction(1, 9), max_value=9),
    st.integers(-9, 9),
)
def test_the_unit_of_one_side_matters_to_neither_nash_nor_kalai_smorodinsky(
    both, disagreement, factor, shift
) -> None:
    points = every_point(*both)
    scaled = [Point(factor * p.ours + shift, p.theirs, p.package) for p in points]
    for solution in (nash, kalai_smorodinsky):
        found = [p.package for p in solution(points, *disagreement)]
        moved = solution(scaled, factor * disagreement[0] + shift, disagreement[1])
        assert [p.package for p in moved] == found


@prove
@given(tables(3, 4), DISAGREEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(both, disagreement, shuffle) -> None:
    points = every_point(*both)
    mixed = shuffle.sample(points, len(points))
    for solution in (nash, kalai_smorodinsky, egalitarian, utilitarian):
        found = {p.package for p in solution(points, *disagreement)}
        assert {p.package for p in solution(mixed, *disagreement)} == found


@prove
@given(tables(3, 4), DISAGREEMENTS)
def test_nash_does_not_depend_on_points_it_does_not_choose(both, disagreement) -> None:
    points = every_point(*both)
    chosen = nash(points, *disagreement)
    fewer = [p for p in points if p in chosen or p.package[-1] == 0]
    assert nash(fewer, *disagreement) == chosen


# The edges


def test_ties_are_listed_in_the_order_given() -> None:
    points = [Point(4, 1, "a"), Point(1, 4, "b"), Point(2, 2, "c"), Point(2, 2, "d")]
    assert [p.package for p in nash(points, 0, 0)] == ["a", "b", "c", "d"]
    assert [p.package for p in kalai_smorodinsky(points, 0, 0)] == ["c", "d"]
    assert [p.package for p in egalitarian(points, 0, 0)] == ["c", "d"]
    assert [p.package for p in utilitarian(points, 0, 0)] == ["a", "b"]


def test_without_rational_points_there_is_no_solution() -> None:
    for solution in (nash, kalai_smorodinsky, egalitarian, utilitarian):
        assert solution([Point(1, 5), Point(5, 1)], 2, 2) == []
        assert solution([], 0, 0) == []


def test_reservations_below_the_worst_score_are_kept_as_entered() -> None:
    points = [Point(0, 10), Point(4, 4), Point(10, 0)]
    assert pairs(nash(points, 0, 0)) == [(4, 4)]
    assert pairs(nash(points, -100, 0)) == [(0, 10)]
    assert pairs(egalitarian(points, -100, 0)) == [(0, 10)]


def test_a_side_without_hope_has_its_whole_share() -> None:
    points = [Point(2, 1), Point(2, 7), Point(1, 9)]
    assert pairs(kalai_smorodinsky(points, 2, 0)) == [(2, 7)]
    assert pairs(kalai_smorodinsky([Point(2, 3), Point(2, 3)], 2, 3)) == [(2, 3), (2, 3)]
    assert pairs(nash(points, 2, 0)) == [(2, 1), (2, 7)]


def test_kalai_smorodinsky_takes_the_larger_minimum_not_the_more_equal_shares() -> None:
    points = [Point(10, 0), Point(0, 10), Point(3, 3), Point(4, 6)]
    assert pairs(kalai_smorodinsky(points, 0, 0)) == [(4, 6)]


def test_the_ideal_is_taken_over_rational_points_only() -> None:
    # (100, -1) is nothing they would sign: our best hope is 10.
    points = [Point(100, -1), Point(10, 0), Point(6, 5), Point(0, 10)]
    assert pairs(kalai_smorodinsky(points, 0, 0)) == [(6, 5)]


@pytest.mark.parametrize("power", [-0.1, 1.1, Fraction(3, 2)])
def test_a_power_beyond_all_of_it_is_refused(power) -> None:
    with pytest.raises(ValueError):
        nash(PIE, 0, 0, power)


def test_of_ties_the_nearest_to_the_offer_is_shown() -> None:
    issues = tuple(Issue(key, ("x", "y")) for key in "abc")
    side = Preferences(issues, {key: {"x": 0, "y": 100} for key in "abc"})
    ties = [Point(1, 1, ("x", "y", "y")), Point(1, 1, ("y", "x", "x")), Point(1, 1, ("x", "x", "y"))]
    assert nearest(ties, {"a": "y", "b": "x", "c": "y"}, side) == ties[1]
    assert nearest([], {"a": "y"}, side) is None
