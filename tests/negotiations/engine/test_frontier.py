"""The Pareto frontier, against comparing every package with every other."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.frontier import Point, best_for_them, pareto_frontier, pareto_frontier_exact
from negotiations.engine.scoring import Issue, Preferences, falling, rising, score
from tests.negotiations.engine.domains import every_point, packages, prove, scored, sides, tables, undominated


def pairs(points: list[Point]) -> list[tuple[object, object]]:
    return [(point.ours, point.theirs) for point in points]


def test_two_mirrored_issues() -> None:
    # Splitting everything gives both only half; trading the issues gives both 0.7.
    ours, theirs = [[0, 70], [0, 30]], [[30, 0], [70, 0]]
    assert pareto_frontier_exact(ours, theirs) == [
        Point(100, 0, (1, 1)),
        Point(70, 70, (1, 0)),
        Point(0, 100, (0, 0)),
    ]


def test_scores_of_packages_come_with_their_settings() -> None:
    price, term = Issue("price", (80, 90, 100), numeric=True), Issue("term", ("30 days", "60 days"))
    ours = Preferences(
        (price, term),
        {"price": rising(price), "term": {"30 days": 100, "60 days": 0}},
        {"price": 3, "term": 1},
    )
    theirs = Preferences(
        (price, term),
        {"price": falling(price), "term": {"30 days": 0, "60 days": 100}},
        {"price": 1, "term": 1},
    )
    assert pareto_frontier(ours, theirs) == [
        Point(10_000, 0, {"price": 100, "term": "30 days"}),
        Point(7500, 5000, {"price": 100, "term": "60 days"}),
        Point(3750, 7500, {"price": 90, "term": "60 days"}),
        Point(0, 10_000, {"price": 80, "term": "60 days"}),
    ]


def test_of_equal_packages_the_first_is_named() -> None:
    assert pareto_frontier_exact([[1, 1], [1, 2, 2]], [[1, 1], [2, 1, 1]]) == [
        Point(3, 2, (0, 1)),
        Point(2, 3, (0, 0)),
    ]


def test_degenerate_tables() -> None:
    assert pareto_frontier_exact([], []) == [Point(0, 0, ())]
    assert pareto_frontier_exact([[Fraction(1, 3)]], [[-2]]) == [Point(Fraction(1, 3), -2, (0,))]
    assert pareto_frontier_exact([[5, 5]], [[7, 7]]) == [Point(5, 7, (0,))]


@pytest.mark.parametrize(("ours", "theirs"), [([[1]], []), ([[1, 2]], [[1]]), ([[]], [[]])])
def test_tables_of_different_shape_are_refused(ours, theirs) -> None:
    with pytest.raises(ValueError):
        pareto_frontier_exact(ours, theirs)


def test_preferences_over_different_issues_are_refused() -> None:
    one, other = Issue("a", (1, 2), numeric=True), Issue("a", (1, 3), numeric=True)
    with pytest.raises(ValueError):
        pareto_frontier(Preferences((one,), {}), Preferences((other,), {}))


def test_a_side_of_which_nothing_is_known_leaves_the_best_for_us() -> None:
    issue = Issue("price", (1, 2, 3), numeric=True)
    assert pareto_frontier(Preferences((issue,), {"price": rising(issue)}), Preferences((issue,), {})) == [
        Point(10_000, 0, {"price": 3})
    ]


def test_rounding_makes_no_false_point() -> None:
    # As floats 0.1 + 0.2 > 0.3, and the first package would be on the frontier too.
    tenth = Fraction(1, 10)
    ours, theirs = [[tenth, 3 * tenth], [2 * tenth, 0]], [[2, 0], [0, 3]]
    assert pairs(every_point(ours, theirs)) == [(3 * tenth, 2), (tenth, 5), (5 * tenth, 0), (3 * tenth, 3)]
    assert pairs(pareto_frontier_exact(ours, theirs)) == [(5 * tenth, 0), (3 * tenth, 3), (tenth, 5)]


@prove
@given(tables())
def test_the_frontier_is_what_brute_force_finds(both) -> None:
    found = pareto_frontier_exact(*both)
    assert found == undominated(every_point(*both))
    assert [point.package for point in found] == [point.package for point in undominated(every_point(*both))]


@prove
@given(tables())
def test_exchanging_the_sides_turns_the_frontier_round(both) -> None:
    ours, theirs = both
    turned = [(t, u) for u, t in reversed(pairs(pareto_frontier_exact(ours, theirs)))]
    assert pairs(pareto_frontier_exact(theirs, ours)) == turned


@prove
@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_issues_and_options_changes_no_score(both, shuffle) -> None:
    order = shuffle.sample(range(len(both[0])), len(both[0]))
    inner = [shuffle.sample(range(len(table)), len(table)) for table in both[0]]
    mixed = [[[side[k][j] for j in inner[k]] for k in order] for side in both]
    assert pairs(pareto_frontier_exact(*mixed)) == pairs(pareto_frontier_exact(*both))


@prove
@given(tables(), st.fractions(min_value=Fraction(1, 9), max_value=9), st.integers(-9, 9))
def test_units_and_zero_points_of_the_scores_do_not_matter(both, factor, shift) -> None:
    ours, theirs = both
    scaled = [[factor * value + shift for value in table] for table in ours]
    expected = [(factor * u + shift * len(ours), t) for u, t in pairs(pareto_frontier_exact(ours, theirs))]
    assert pairs(pareto_frontier_exact(scaled, theirs)) == expected


@prove
@given(sides())
def test_the_frontier_of_preferences_is_what_brute_force_finds(both) -> None:
    ours, theirs = both
    expected = undominated([scored(package, ours, theirs) for package in packages(ours)])
    found = pareto_frontier(ours, theirs)
    assert found == expected
    assert all(scored(point.package, ours, theirs) == point for point in found)


def test_a_large_frontier_is_what_a_map_of_the_best_scores_finds() -> None:
    # Ten issues of ten options: for every score of ours the best of theirs, by dynamic programming.
    numbers = random.Random(7)
    ours, theirs = ([[numbers.randint(0, 99) for _ in range(10)] for _ in range(10)] for _side in range(2))
    best = {0: 0}
    for our_table, their_table in zip(ours, theirs, strict=True):
        merged: dict[int, int] = {}
        for u, t in best.items():
            for du, dt in zip(our_table, their_table, strict=True):
                merged[u + du] = max(merged.get(u + du, -1), t + dt)
        best = merged
    highest, expected = -1, []
    for u in sorted(best, reverse=True):
        if best[u] > highest:
            highest = best[u]
            expected.append((u, highest))
    assert pairs(pareto_frontier_exact(ours, theirs)) == expected


@prove
@given(sides(), st.integers(0, 10_000))
def test_the_best_for_them_at_our_aspiration(both, aspiration) -> None:
    ours, theirs = both
    enough = [score(p, theirs) for p in packages(ours) if score(p, ours) >= aspiration]
    found = best_for_them(pareto_frontier(ours, theirs), aspiration)
    assert (found.theirs if found else None) == max(enough, default=None)
