"""Beliefs about the other side."""

from fractions import Fraction
from itertools import product
from math import exp, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.opponent import CONCESSIONS, Belief, probability_better, update_importance
from negotiations.engine.scoring import Issue, Preferences, rising
from negotiations.engine.words import Likelihood, in_words
from tests.negotiations.engine.domains import prove


def side(count: int) -> Preferences:
    issues = tuple(Issue(f"i{number}", (0, 1, 2), numeric=True) for number in range(count))
    return Preferences(issues, {issue.key: rising(issue) for issue in issues})


THEIRS = side(3)
FLAT = update_importance(THEIRS, {})


def package(*values: object) -> dict[str, object]:
    return {f"i{number}": value for number, value in enumerate(values)}


def test_without_guess_and_offers_all_importances_are_equally_probable() -> None:
    assert len(FLAT.hypotheses) == 64
    assert set(FLAT.probabilities) == {1 / 64}
    assert sum(FLAT.weights().values()) == 10_000
    assert set(FLAT.weights().values()) <= {3333, 3334}


def test_the_prior_falls_with_the_distance_from_the_guess() -> None:
    belief = update_importance(THEIRS, {"i0": 4, "i1": 1, "i2": 0})
    chances = belief.chances(("i0", "i1"))
    assert isclose(chances[3, 1] / chances[4, 1], exp(-0.7))
    assert isclose(chances[1, 4] / chances[4, 1], exp(-0.7 * 6))
    assert isclose(belief.chances(("i2",))[1,], 0.25)
    weights = belief.weights()
    assert weights["i0"] > weights["i2"] > weights["i1"]


def test_the_posterior_is_bayes_with_a_tempered_likelihood() -> None:
    offers = [package(2, 2, 2), package(2, 1, 0), package(2, 0, 0)]
    found = update_importance(THEIRS, {"i0": 2, "i1": 3, "i2": 1}, offers)
    expected = []
    for vector in product((1, 2, 3, 4), repeat=3):
        prior = exp(-0.7 * (abs(vector[0] - 2) + abs(vector[1] - 3) + abs(vector[2] - 1)))
        scores = [
            sum(h * x / 2 for h, x in zip(vector, o.values(), strict=True)) / sum(vector) for o in offers
        ]
        likelihood = sum(
            exp(-sum((score - (1 - c * t)) ** 2 for t, score in enumerate(scores)) / (2 * 0.07**2))
            for c in CONCESSIONS
        )
        expected.append(prior * likelihood**0.5)
    assert all(
        isclose(p, each / sum(expected), rel_tol=1e-9)
        for p, each in zip(found.probabilities, expected, strict=True)
    )


def test_what_they_never_give_up_matters_more_to_them() -> None:
    offers = [package(2, 2, 2), package(2, 1, 2), package(2, 0, 1)]
    weights = update_importance(THEIRS, {}, offers).weights()
    assert weights["i0"] > weights["i2"] > weights["i1"]


def test_many_issues_have_fewer_levels_and_only_the_heaviest_vary() -> None:
    assert len(update_importance(side(6), {}).hypotheses) == 4**6
    assert len(update_importance(side(8), {}).hypotheses) == 3**8
    guess = {f"i{number}": 3 for number in range(8)}
    belief = update_importance(side(10), {**guess, "i9": 1}, [package(*[2] * 10)])
    assert len(belief.hypotheses) == 3**8
    assert set(belief.chances(("i8", "i9"))) == {(2, 1)}


def test_a_band_leaves_out_a_tenth_at_either_end() -> None:
    chances = (0.05, 0.15, 0.7, 0.1)
    belief = Belief(("a",), ((1,), (2,), (3,), (4,)), chances)
    assert belief.band("a") == (2, 3)
    assert FLAT.band("i0") == (1, 4)


def test_a_side_of_which_nothing_is_known() -> None:
    unknown = Preferences(THEIRS.issues, {})
    belief = update_importance(unknown, {"i0": 4}, [package(1, 1, 1)])
    assert belief == Belief((), ((),), (1.0,))
    assert belief.weights() == {}
    assert probability_better(package(2, 2, 2), package(0, 0, 0), unknown, belief) == 0


@pytest.mark.parametrize(("guess", "offers"), [({"i0": 5}, []), ({"i0": -1}, []), ({}, [{"i0": 1}])])
def test_what_does_not_fit_is_refused(guess, offers) -> None:
    with pytest.raises(ValueError):
        update_importance(THEIRS, guess, offers)


def test_packages_that_are_silent_on_an_issue_cannot_be_compared() -> None:
    with pytest.raises(ValueError):
        probability_better({"i0": 1}, package(1, 1, 1), THEIRS, FLAT)


def test_how_probable_it_is_that_they_prefer_a_package() -> None:
    now = package(1, 1, 1)
    assert probability_better(package(2, 1, 1), now, THEIRS, FLAT) == pytest.approx(1)
    assert probability_better(package(0, 1, 1), now, THEIRS, FLAT) == 0
    assert probability_better(now, now, THEIRS, FLAT) == 0
    # One up, one down: a tie of importances, a quarter of the cases, counts half.
    assert probability_better(package(2, 0, 1), now, THEIRS, FLAT) == pytest.approx(0.5)
    assert probability_better(package(2, Fraction(1, 2), 1), now, THEIRS, FLAT) == pytest.approx(13 / 16)


@prove
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=3, max_size=3), st.data())
def test_a_package_and_its_opposite_share_all_the_probability(pairs, data) -> None:
    guess = data.draw(st.dictionaries(st.sampled_from(["i0", "i1", "i2"]), st.integers(1, 4)))
    belief = update_importance(THEIRS, guess)
    one, other = (package(*values) for values in zip(*pairs, strict=True))
    forth, back = (probability_better(a, b, THEIRS, belief) for a, b in ((one, other), (other, one)))
    assert forth + back == pytest.approx(1 if one != other else 0)
    assert 0 <= forth <= 1 + 1e-9


@prove
@given(st.permutations([0, 1, 2]), st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=4))
def test_the_order_of_the_issues_does_not_matter(order, values) -> None:
    guess = {"i0": 1, "i1": 2, "i2": 4}
    offers = [package(*each) for each in values]
    mixed = Preferences(tuple(THEIRS.issues[index] for index in order), THEIRS.scores)
    one, other = update_importance(THEIRS, guess, offers), update_importance(mixed, guess, offers)
    for key in guess:
        assert one.chances((key,)) == pytest.approx(other.chances((key,)))


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (1.0, Likelihood.VERY_LIKELY),
        (0.9, Likelihood.VERY_LIKELY),
        (0.899, Likelihood.LIKELY),
        (0.7, Likelihood.LIKELY),
        (0.5, Likelihood.PERHAPS),
        (0.499, None),
        (0.0, None),
    ],
)
def test_words_for_probabilities(probability: float, word: Likelihood | None) -> None:
    assert in_words(probability) == word
