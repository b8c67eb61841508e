"""Weights, values and scores."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.exact import exact, largest_remainder
from negotiations.engine.scoring import Issue, Preferences, falling, peaked, rising, score
from tests.negotiations.engine.domains import one_side, packages, prove, sides

PRICE = Issue("price", (80_000, 90_000, 100_000), numeric=True)
DELIVERY = Issue("delivery", ("2 weeks", "4 weeks", "8 weeks"))
SELLER = Preferences(
    (PRICE, DELIVERY),
    {"price": rising(PRICE), "delivery": {"2 weeks": 0, "4 weeks": 60, "8 weeks": 100}},
    {"price": 70, "delivery": 30},
)


def test_weights_are_whole_and_sum_to_ten_thousand() -> None:
    assert largest_remainder([1, 1, 1]) == [3334, 3333, 3333]
    assert largest_remainder([70, 30]) == [7000, 3000]
    assert largest_remainder([0, 5]) == [0, 10_000]
    assert largest_remainder([Fraction(1, 3), Fraction(2, 3)], total=10) == [3, 7]
    assert largest_remainder([Decimal("0.5"), 0.25, 0.25], total=3) == [1, 1, 1]


@pytest.mark.parametrize("weights", [[0, 0], [2, -1], []])
def test_weights_that_weigh_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError):
        largest_remainder(weights)


@prove
@given(st.lists(st.integers(0, 99), min_size=1, max_size=8).filter(any), st.integers(1, 7))
def test_weights_keep_their_proportion_and_need_no_unit(weights, factor) -> None:
    spread = largest_remainder(weights)
    assert sum(spread) == 10_000
    assert all(
        abs(bp - Fraction(w * 10_000, sum(weights))) < 1 for bp, w in zip(spread, weights, strict=True)
    )
    assert largest_remainder([weight * factor for weight in weights]) == spread
    assert largest_remainder(spread) == spread


def test_a_package_scores_the_weighted_sum_of_its_values() -> None:
    assert score({"price": 100_000, "delivery": "8 weeks"}, SELLER) == 10_000
    assert score({"price": 80_000, "delivery": "2 weeks"}, SELLER) == 0
    assert score({"price": 90_000, "delivery": "4 weeks"}, SELLER) == 3500 + 1800


def test_a_package_may_be_a_list_in_the_order_of_the_issues() -> None:
    assert score((90_000, "4 weeks"), SELLER) == 5300


def test_prices_between_the_levels_count_exactly_and_those_beyond_as_the_ends() -> None:
    assert score((Decimal("85000.00"), "2 weeks"), SELLER) == 1750
    assert score((85_001, "2 weeks"), SELLER) == round(Fraction(7000 * 5001, 20_000)) == 1750
    assert score((85_002, "2 weeks"), SELLER) == 1751
    assert score((120_000, "2 weeks"), SELLER) == 7000
    assert score((70_000, "2 weeks"), SELLER) == 0


def test_an_exact_half_goes_to_the_even_number() -> None:
    issues = tuple(Issue(key, ("x", "y")) for key in "ab")
    side = Preferences(issues, {"a": {"x": 50, "y": 0}, "b": {"x": 0, "y": 50}}, {"a": 4999, "b": 5001})
    assert side.tables == ((2500, 0), (0, 2500))


def test_what_a_package_says_about_other_issues_is_not_read() -> None:
    assert score({"price": 90_000, "delivery": "4 weeks", "colour": "red"}, SELLER) == 5300


@pytest.mark.parametrize(
    "package", [{"price": 90_000}, {"price": 90_000, "delivery": "3 weeks"}, (90_000,), ("dear", "2 weeks")]
)
def test_a_package_that_does_not_fit_is_refused(package) -> None:
    with pytest.raises(ValueError):
        score(package, SELLER)


def test_falling_and_peaked_values() -> None:
    day = Issue("day", (0, 10, 40), numeric=True)
    assert [Preferences((day,), {"day": falling(day)}).value("day", d) for d in (0, 10, 40)] == [100, 75, 0]
    best_at_ten = Preferences((day,), {"day": peaked(day, 10)})
    assert [best_at_ten.value("day", d) for d in (0, 5, 10, 25, 40)] == [0, 50, 100, 50, 0]
    assert peaked(day, 0) == falling(day)


def test_an_issue_with_one_option_and_a_side_that_is_unknown() -> None:
    only = Issue("only", (5,), numeric=True)
    assert Preferences((only,), {"only": rising(only)}).tables == ((10_000,),)
    unknown = Preferences((PRICE, DELIVERY), {})
    assert unknown.weights_bp == {}
    assert unknown.tables == ((0, 0, 0), (0, 0, 0))
    assert score({}, unknown) == 0


def test_without_weights_all_scored_issues_count_the_same() -> None:
    side = Preferences((PRICE, DELIVERY), {"price": falling(PRICE)})
    assert side.weights_bp == {"price": 10_000}
    assert Preferences((PRICE, DELIVERY), SELLER.scores).weights_bp == {"price": 5000, "delivery": 5000}


def test_weights_are_spread_again_over_the_issues_that_remain() -> None:
    weights = {"price": 50, "delivery": 25, "gone": 25}
    assert Preferences((PRICE, DELIVERY), SELLER.scores, weights).weights_bp == {
        "price": 6667,
        "delivery": 3333,
    }


@pytest.mark.parametrize(
    "make",
    [
        lambda: Issue("x", ()),
        lambda: Issue("x", (1, 1)),
        lambda: Preferences((PRICE, PRICE), {}),
        lambda: Preferences((PRICE,), {"colour": {"red": 1}}),
        lambda: Preferences((PRICE,), {"price": {80_000: -1}}),
        lambda: Preferences((PRICE,), {"price": {80_000: 101}}),
        lambda: Preferences((PRICE,), {"price": {}}),
        lambda: Preferences((PRICE,), {"price": {"dear": 0}}),
        lambda: Preferences((DELIVERY,), {"delivery": {"2 weeks": 0}}),
        lambda: Preferences((PRICE,), {"price": rising(PRICE)}, {}),
        lambda: Preferences((PRICE,), {"price": rising(PRICE)}, {"price": 0}),
    ],
)
def test_preferences_that_do_not_fit_are_refused(make) -> None:
    with pytest.raises(ValueError):
        make()


def test_fewer_options_leave_the_values_where_they_were() -> None:
    limited = SELLER.only({"delivery": {"4 weeks", "8 weeks"}})
    assert limited.issues[1].options == ("4 weeks", "8 weeks")
    assert limited.tables[1] == (1800, 3000)


def test_floats_are_taken_at_their_exact_value_and_what_is_no_number_is_refused() -> None:
    assert exact(0.1) == Fraction(3602879701896397, 36028797018963968)
    with pytest.raises(ValueError):
        exact(float("nan"))
    with pytest.raises(OverflowError):
        exact(float("inf"))


@prove
@given(sides())
def test_the_score_is_the_sum_of_the_table_and_within_bounds(both) -> None:
    for side in both:
        for package in packages(side):
            entries = [
                table[issue.options.index(package[issue.key])]
                for issue, table in zip(side.issues, side.tables, strict=True)
            ]
            assert score(package, side) == sum(entries)
            assert 0 <= score(package, side) <= 10_000


@prove
@given(st.data())
def test_a_better_value_never_scores_less(data) -> None:
    issue = Issue("n", (0, 100), numeric=True)
    side = data.draw(one_side([issue, Issue("c", ("x",))]).filter(lambda side: "n" in side.scores))
    places = sorted(data.draw(st.lists(st.integers(0, 100), min_size=2, max_size=5)))
    by_value = sorted(places, key=lambda place: side.value("n", place))
    points = [side.points("n", place) for place in by_value]
    assert points == sorted(points)
