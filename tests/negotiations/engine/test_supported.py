"""The frontier of continuous issues: closed forms, and the finite frontier below it."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine import solutions, supported
from negotiations.engine.frontier import Point, pareto_frontier_exact
from negotiations.engine.scoring import Issue, Preferences, falling, peaked, rising
from negotiations.engine.supported import Settlement, supported_frontier
from tests.negotiations.engine.domains import prove, sides

POINTS = st.integers(-3000, 11_000)
PIE = Issue("pie", (0, 1), numeric=True)
OURS, THEIRS = Preferences((PIE,), {"pie": rising(PIE)}), Preferences((PIE,), {"pie": falling(PIE)})


def setting(found: Settlement, key: str) -> Fraction:
    """The value of a numeric issue at a place on the chain."""
    start, end = Fraction(found.start.package[key]), Fraction(found.end.package[key])
    return start + found.share * (end - start)


def test_the_pie_is_one_edge() -> None:
    assert supported_frontier(OURS, THEIRS) == [Point(10_000, 0, {"pie": 1}), Point(0, 10_000, {"pie": 0})]


@pytest.mark.parametrize("power", [Fraction(1, 2), Fraction(1, 3), 0.75, 0, 1])
def test_the_pie_is_split_by_power(power) -> None:
    d1, d2 = Fraction(1, 10), Fraction(3, 10)
    found = supported.nash(supported_frontier(OURS, THEIRS), 1000, 3000, power)
    assert setting(found, "pie") == d1 + Fraction(power) * (1 - d1 - d2)
    assert (found.ours, found.theirs) == (10_000 * setting(found, "pie"), 10_000 - found.ours)


def test_all_solutions_split_the_pie_equally() -> None:
    chain = supported_frontier(OURS, THEIRS)
    for solution in (supported.nash, supported.kalai_smorodinsky, supported.egalitarian):
        assert setting(solution(chain, 1000, 3000), "pie") == Fraction(4, 10)


def test_two_mirrored_issues_are_traded_not_split() -> None:
    issues = (Issue("a", (0, 1), numeric=True), Issue("b", (0, 1), numeric=True))
    ours = Preferences(issues, {i.key: rising(i) for i in issues}, {"a": 7, "b": 3})
    theirs = Preferences(issues, {i.key: falling(i) for i in issues}, {"a": 3, "b": 7})
    chain = supported_frontier(ours, theirs)
    assert [(p.ours, p.theirs) for p in chain] == [(10_000, 0), (7000, 7000), (0, 10_000)]
    assert [p.package for p in chain] == [{"a": 1, "b": 1}, {"a": 1, "b": 0}, {"a": 0, "b": 0}]
    for solution in (supported.nash, supported.kalai_smorodinsky, supported.egalitarian):
        found = solution(chain, 0, 0)
        assert (found.ours, found.theirs) == (7000, 7000)


def test_a_peak_bends_the_chain() -> None:
    day = Issue("day", (0, 10, 20, 30, 40), numeric=True)
    ours, theirs = Preferences((day,), {"day": rising(day)}), Preferences((day,), {"day": peaked(day, 10)})
    # Both prefer later up to day 10; beyond it they trade.
    assert [p.package["day"] for p in supported_frontier(ours, theirs)] == [40, 10]


def test_what_lies_on_or_below_a_straight_edge_is_no_corner() -> None:
    term = Issue("term", ("30", "45", "60", "90"))
    ours = Preferences((term,), {"term": {"30": 100, "45": 50, "60": 40, "90": 0}})
    theirs = Preferences((term,), {"term": {"30": 0, "45": 50, "60": 50, "90": 100}})
    assert [p.package["term"] for p in supported_frontier(ours, theirs)] == ["30", "90"]


def test_a_chain_of_one_corner() -> None:
    unknown = Preferences((PIE,), {})
    chain = supported_frontier(OURS, unknown)
    assert chain == [Point(10_000, 0, {"pie": 1})]
    for solution in (supported.nash, supported.kalai_smorodinsky, supported.egalitarian):
        assert solution(chain, 0, 0) == Settlement(10_000, 0, chain[0], chain[0], Fraction(0))
        assert solution(chain, 0, 1) is None


def test_where_nothing_is_rational_there_is_no_settlement() -> None:
    chain = supported_frontier(OURS, THEIRS)
    for solution in (supported.nash, supported.kalai_smorodinsky, supported.egalitarian):
        assert solution(chain, 6000, 6000) is None
        assert solution(chain, 11_000, 0) is None
        found = solution(chain, 6000, 4000)
        assert (found.ours, found.theirs) == (6000, 4000)


def test_a_side_without_hope_leaves_the_other_its_best() -> None:
    found = supported.kalai_smorodinsky(supported_frontier(OURS, THEIRS), 10_000, -500)
    assert (found.ours, found.theirs) == (10_000, 0)


@prove
@given(sides())
def test_the_chain_is_concave_and_one_issue_changes_at_a_time(both) -> None:
    chain = supported_frontier(*both)
    for point in chain:
        exactly = [
            sum(side.exact_points(key, value) for key, value in side.scored_settings(point.package).items())
            for side in both
        ]
        assert [point.ours, point.theirs] == exactly
    slopes = []
    for before, after in pairwise(chain):
        assert sum(before.package[key] != after.package[key] for key in before.package) == 1
        assert after.ours < before.ours
        slopes.append(Fraction(after.theirs - before.theirs) / (before.ours - after.ours))
    assert slopes == sorted(slopes, reverse=True)
    assert all(slope > 0 for slope in slopes)


@prove
@given(sides())
def test_every_package_lies_below_the_chain(both) -> None:
    exactly = [
        [
            [side.exact_points(issue.key, o) if issue.key in side.scores else 0 for o in issue.options]
            for issue in side.issues
        ]
        for side in both
    ]
    chain = supported_frontier(*both)
    for point in pareto_frontier_exact(*exactly):
        for before, after in pairwise(chain):
            rise, fall = after.theirs - before.theirs, before.ours - after.ours
            assert (point.theirs - before.theirs) * fall <= rise * (before.ours - point.ours)
        assert point.ours <= chain[0].ours
        assert point.theirs <= chain[-1].theirs


@prove
@given(sides(), POINTS, POINTS, st.integers(1, 4))
def test_no_place_on_the_chain_is_better_than_the_solution(both, d_ours, d_theirs, parts) -> None:
    chain = supported_frontier(*both)
    places = [
        Point(
            a.ours + Fraction(i, 7 * parts) * (b.ours - a.ours),
            a.theirs + Fraction(i, 7 * parts) * (b.theirs - a.theirs),
        )
        for a, b in pairwise([*chain, chain[-1]])
        for i in range(7 * parts + 1)
    ]
    for exact, finite in [
        (supported.nash, solutions.nash),
        (supported.egalitarian, solutions.egalitarian),
    ]:
        found = exact(chain, d_ours, d_theirs)
        sampled = finite(places, d_ours, d_theirs)
        if found is None:
            assert not sampled
        else:
            best = Point(found.ours, found.theirs)
            assert best in finite([*places, best], d_ours, d_theirs)


@prove
@given(sides(), st.integers(-3000, 6000), st.integers(-3000, 6000))
def test_kalai_smorodinsky_gives_equal_shares_of_the_hopes_or_an_end(both, d_ours, d_theirs) -> None:
    chain = supported_frontier(*both)
    found = supported.kalai_smorodinsky(chain, d_ours, d_theirs)
    if found is None:
        return
    # The ends of the rational part are what each could hope for.
    hope_ours = supported.nash(chain, d_ours, d_theirs, 1).ours - d_ours
    hope_theirs = supported.nash(chain, d_ours, d_theirs, 0).theirs - d_theirs
    left, right = (found.ours - d_ours) * hope_theirs, (found.theirs - d_theirs) * hope_ours
    if left != right:
        assert found.share in (0, 1)
        assert (found.ours, found.theirs) in {(p.ours, p.theirs) for p in (chain[0], chain[-1])}
