"""Trades, equal packages, value left on the table and trade ratios, against brute force."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.frontier import Point, pareto_frontier
from negotiations.engine.scoring import Issue, Preferences, falling, rising, score
from negotiations.engine.trades import (
    TradeRatio,
    equal_packages,
    improvements,
    in_money,
    left_on_table,
    only_to_split,
    trade_ratios,
)
from tests.negotiations.engine.domains import packages, prove, scored, sides

ISSUES = tuple(Issue(key, (0, 1, 2), numeric=True) for key in ("price", "delivery", "support"))
PRICE, DELIVERY, SUPPORT = ISSUES
OURS = Preferences(
    ISSUES,
    {"price": rising(PRICE), "delivery": rising(DELIVERY), "support": rising(SUPPORT)},
    {"price": 60, "delivery": 10, "support": 30},
)
THEIRS = Preferences(
    ISSUES,
    {"price": falling(PRICE), "delivery": falling(DELIVERY), "support": rising(SUPPORT)},
    {"price": 30, "delivery": 60, "support": 10},
)
MIDDLE = {"price": 1, "delivery": 1, "support": 1}


@st.composite
def situations(draw):
    """Two sides and a package of the options, or off the grid where that is possible."""
    ours, theirs = draw(sides())
    package = draw(st.sampled_from(packages(ours)))
    for issue in ours.issues:
        if issue.numeric and draw(st.booleans()):
            package = {**package, issue.key: draw(st.fractions(0, 10, max_denominator=3))}
    return package, ours, theirs


# Improvements


def test_give_what_is_cheap_and_get_what_is_dear() -> None:
    found = improvements(MIDDLE, OURS, THEIRS)
    assert found[0].changes == {"price": 2, "delivery": 0}
    assert (found[0].gain_ours, found[0].gain_theirs) == (3000 - 500, 3000 - 1500)
    assert found[0].package == {"price": 2, "delivery": 0, "support": 1}
    assert {"support": 2} in [trade.changes for trade in found]


def test_a_price_alone_cannot_be_traded() -> None:
    price = (PRICE,)
    ours, theirs = Preferences(price, {"price": rising(PRICE)}), Preferences(price, {"price": falling(PRICE)})
    assert improvements({"price": 1}, ours, theirs) == []
    assert equal_packages({"price": 1}, ours, theirs) == []


def test_equal_weights_leave_nothing_to_trade() -> None:
    ours = Preferences(ISSUES, {i.key: rising(i) for i in ISSUES if i.key != "support"})
    theirs = Preferences(ISSUES, {i.key: falling(i) for i in ISSUES if i.key != "support"})
    assert improvements(MIDDLE, ours, theirs) == []
    assert only_to_split(trade_ratios(ours, theirs))


def test_a_trade_may_cost_either_side_nothing() -> None:
    ours = Preferences(ISSUES, {i.key: rising(i) for i in ISSUES}, {"price": 5, "delivery": 3, "support": 2})
    theirs = Preferences(ISSUES, {i.key: falling(i) for i in ISSUES}, dict.fromkeys(THEIRS.scores, 1))
    for trades in (improvements(MIDDLE, ours, theirs), improvements(MIDDLE, theirs, ours)):
        (found,) = [trade for trade in trades if trade.changes == {"price": 2, "support": 0}]
        assert sorted((found.gain_ours, found.gain_theirs)) == [0, 1500]


def test_of_a_side_of_which_nothing_is_known_nothing_is_suggested() -> None:
    unknown = Preferences(ISSUES, {})
    assert improvements(MIDDLE, OURS, unknown) == []
    assert left_on_table(MIDDLE, OURS, unknown).both == 0


def test_a_package_that_is_silent_on_an_issue_is_refused() -> None:
    with pytest.raises(ValueError):
        improvements({"price": 1}, OURS, THEIRS)


@prove
@given(situations())
def test_every_suggested_trade_is_no_worse_for_either_side_and_better_for_one(situation) -> None:
    package, ours, theirs = situation
    now = scored(package, ours, theirs)
    for trade in improvements(package, ours, theirs):
        assert (trade.ours, trade.theirs) == (score(trade.package, ours), score(trade.package, theirs))
        assert (trade.gain_ours, trade.gain_theirs) == (trade.ours - now.ours, trade.theirs - now.theirs)
        assert min(trade.gain_ours, trade.gain_theirs) >= 0
        assert trade.gain_ours or trade.gain_theirs
        assert trade.changes == ours.changes(package, trade.package)
        assert len(trade.changes) in {1, 2}


@prove
@given(situations())
def test_no_change_of_one_or_two_issues_beats_the_suggestions(situation) -> None:
    package, ours, theirs = situation
    now, found = scored(package, ours, theirs), improvements(package, ours, theirs)
    known = set(ours.scores) & set(theirs.scores)
    for other in packages(ours):
        changes = ours.changes(package, other)
        gains = score(other, ours) - now.ours, score(other, theirs) - now.theirs
        if len(changes) in {1, 2} and set(changes) <= known and min(gains) >= 0 and any(gains):
            assert any(
                t.gain_ours >= gains[0] and t.gain_theirs >= gains[1] and set(t.changes) <= set(changes)
                for t in found
            )
    smaller = [min(trade.gain_ours, trade.gain_theirs) for trade in found]
    assert smaller == sorted(smaller, reverse=True)


# Equal packages


def test_three_equal_packages() -> None:
    issues = tuple(Issue(key, (0, 1, 2, 3, 4), numeric=True) for key in "abcd")
    ours = Preferences(issues, {i.key: rising(i) for i in issues})
    theirs = Preferences(issues, {i.key: falling(i) for i in issues}, {"a": 1, "b": 2, "c": 3, "d": 4})
    found = equal_packages(dict.fromkeys("abcd", 2), ours, theirs)
    assert [point.ours for point in found] == [5000, 5000, 5000]
    assert found[0] == Point(5000, 7000, {"a": 4, "b": 4, "c": 0, "d": 0})
    assert [point.theirs for point in found] == sorted((point.theirs for point in found), reverse=True)


def test_equal_packages_off_the_frontier_change_two_issues() -> None:
    best = Point(6000, 8500, {"price": 1, "delivery": 0, "support": 2})
    assert equal_packages(MIDDLE, OURS, THEIRS, within=1000, frontier=[])[0] == best
    assert best not in equal_packages(MIDDLE, OURS, THEIRS, within=999, frontier=[])


@prove
@given(situations(), st.integers(0, 2000), st.integers(1, 3))
def test_equal_packages_are_equal_for_us_and_really_different(situation, within, differ) -> None:
    package, ours, theirs = situation
    found = equal_packages(package, ours, theirs, within=within, differ=differ)
    assert len(found) <= 3
    for point in found:
        assert point == scored(point.package, ours, theirs)
        assert abs(point.ours - score(package, ours)) <= within
    for index, point in enumerate(found):
        for other in [package, *(each.package for each in found[:index])]:
            assert len(ours.changes(other, point.package)) >= differ
    best = [
        point.theirs
        for point in pareto_frontier(ours, theirs)
        if abs(point.ours - score(package, ours)) <= within
        and len(ours.changes(package, point.package)) >= differ
    ]
    assert not best or found[0].theirs >= max(best)


# Left on the table


def test_the_middle_leaves_value_on_the_table() -> None:
    left = left_on_table(MIDDLE, OURS, THEIRS)
    assert (left.deal.ours, left.deal.theirs) == (5000, 5000)
    assert left.best_for_both.package == {"price": 2, "delivery": 0, "support": 2}
    assert (left.ours, left.theirs, left.both) == (4000, 3500, 2000)


@prove
@given(situations())
def test_what_was_left_is_what_brute_force_finds(situation) -> None:
    package, ours, theirs = situation
    deal, left = scored(package, ours, theirs), left_on_table(package, ours, theirs)
    every = [deal, *(scored(other, ours, theirs) for other in packages(ours))]
    assert left.ours == max(p.ours for p in every if p.theirs >= deal.theirs) - deal.ours
    assert left.theirs == max(p.theirs for p in every if p.ours >= deal.ours) - deal.theirs
    assert left.both == max(min(p.ours - deal.ours, p.theirs - deal.theirs) for p in every)
    for point in (left.best_for_us, left.best_for_them, left.best_for_both):
        assert point == scored(point.package, ours, theirs)


def test_points_as_money() -> None:
    # 500 of 6000 basis points on a price between 80 000 and 100 000.
    assert in_money(500, 20_000, 6000) == Fraction(5000, 3)


# Trade ratios


def test_trade_ratios_say_what_to_give_and_what_to_ask_for() -> None:
    assert trade_ratios(OURS, THEIRS) == [
        TradeRatio("delivery", 1000, 6000),
        TradeRatio("price", 6000, 3000),
        TradeRatio("support", 0, 0),
    ]
    assert [(r.ratio, r.compatible) for r in trade_ratios(OURS, THEIRS)] == [
        (Fraction(1, 6), False),
        (Fraction(2), False),
        (None, True),
    ]


def test_issues_of_which_nothing_is_known_come_last() -> None:
    theirs = Preferences(ISSUES, {"delivery": falling(DELIVERY)})
    found = trade_ratios(OURS, theirs)
    assert [ratio.key for ratio in found] == ["delivery", "price", "support"]
    assert found[1] == TradeRatio("price", None, None)
    assert (found[1].ratio, found[1].compatible) == (None, False)
    assert only_to_split(found)


@prove
@given(sides())
def test_a_ratio_is_between_the_best_options_of_both(both) -> None:
    ours, theirs = both
    for ratio in trade_ratios(ours, theirs):
        if ratio.cost is None:
            assert ratio.key not in theirs.scores
            continue
        index = [issue.key for issue in ours.issues].index(ratio.key)
        table, other = ours.tables[index], theirs.tables[index]
        cost = max(table) - max(u for u, t in zip(table, other, strict=True) if t == max(other))
        gain = max(other) - max(t for u, t in zip(table, other, strict=True) if u == max(table))
        assert (ratio.cost, ratio.gain) == (cost, gain)
        assert (cost == 0) == (gain == 0)
