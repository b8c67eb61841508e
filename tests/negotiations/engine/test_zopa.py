"""Whether there is a zone, how wide it is and what closes it."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.frontier import Point, pareto_frontier
from negotiations.engine.scoring import Issue, Preferences, falling, rising
from negotiations.engine.zopa import PriceZone, agreement_zone, binding_limits, gap, our_share
from tests.negotiations.engine.domains import every_point, prove, tables

POINTS = [Point(10, 0), Point(6, 6), Point(0, 10)]


def test_a_price_zone_and_its_surplus() -> None:
    zone = PriceZone(80_000, 100_000)
    assert (zone.width, zone.gap) == (20_000, 0)
    assert zone.seller_share(85_000) == Fraction(1, 4)
    assert zone.seller_share(110_000) == Fraction(3, 2)


def test_limits_that_do_not_meet_leave_a_gap() -> None:
    zone = PriceZone(100, 90)
    assert (zone.width, zone.gap, zone.seller_share(95)) == (-10, 10, None)
    assert PriceZone(90, 90).gap == 0
    assert PriceZone(90, 90).seller_share(90) is None


def test_the_zone_of_many_issues() -> None:
    assert agreement_zone(POINTS, 5, 5) == [Point(6, 6)]
    assert agreement_zone(POINTS, 7, 5) == []
    assert gap(POINTS, 5, 5) == 0
    assert gap(POINTS, 7, 5) == 1
    assert gap(POINTS, 9, 8) == 3
    assert gap([], 0, 0) is None


@prove
@given(tables(3, 3), st.integers(-9, 30), st.integers(-9, 30))
def test_lowering_both_reservations_by_the_gap_just_opens_the_zone(both, d_ours, d_theirs) -> None:
    points = every_point(*both)
    missing = gap(points, d_ours, d_theirs)
    assert agreement_zone(points, d_ours - missing, d_theirs - missing)
    if missing:
        less = missing - Fraction(1, 10**9)
        assert not agreement_zone(points, d_ours - less, d_theirs - less)


def test_our_share_of_the_gains() -> None:
    assert our_share(Point(6, 6), 3, 5) == Fraction(3, 4)
    assert our_share(Point(6, 6), 6, 6) is None
    assert our_share(Point(6, 6), 7, 5) is None


def test_the_limits_that_close_the_zone_are_named() -> None:
    price = Issue("price", (0, 1, 2, 3, 4), numeric=True)
    term = Issue("term", (0, 30, 60), numeric=True)
    ours = Preferences(
        (price, term), {"price": rising(price), "term": falling(term)}, {"price": 3, "term": 1}
    )
    theirs = Preferences(
        (price, term), {"price": falling(price), "term": rising(term)}, {"price": 1, "term": 1}
    )
    assert agreement_zone(pareto_frontier(ours, theirs), 5000, 6000)
    within = {"price": {3, 4}, "term": {0, 30}}
    assert binding_limits(ours, theirs, 5000, 6000, within) == ["term"]
    assert binding_limits(ours, theirs, 5000, 6000, {"price": {2, 3, 4}}) == []
    assert binding_limits(ours, theirs, 9000, 9000, within) == []
    assert binding_limits(ours, theirs, 5000, 6000, {"price": {3, 4}, "term": set()}) == ["term"]
