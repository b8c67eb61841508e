"""Which answer would improve what we suggest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiations.engine.opponent import Belief, update_importance
from negotiations.engine.question import Question, next_question
from negotiations.engine.scoring import Issue, Preferences, rising
from tests.negotiations.engine.domains import prove

ISSUES = tuple(Issue(key, (0, 1, 2), numeric=True) for key in ("price", "term", "support"))
THEIRS = Preferences(ISSUES, {issue.key: rising(issue) for issue in ISSUES})
NOW = {"price": 1, "term": 1, "support": 1}
MORE_TERM, MORE_SUPPORT = {**NOW, "term": 2}, {**NOW, "support": 2}


def test_the_question_is_about_the_issues_between_which_the_choice_lies() -> None:
    belief = Belief(("price", "term", "support"), ((1, 1, 3), (1, 3, 1)), (0.5, 0.5))
    # Either gift is worth 0.5·3/5 to them in one case and 0.5·1/5 in the other.
    found = next_question([MORE_TERM, MORE_SUPPORT], NOW, THEIRS, belief)
    assert (found.first, found.second) == ("price", "term")
    assert found.worth == pytest.approx(3000 - 2000)


def test_the_order_of_two_issues_that_tells_most_is_asked() -> None:
    belief = Belief(("price", "term", "support"), ((4, 1, 3), (4, 3, 1)), (0.5, 0.5))
    found = next_question([MORE_TERM, MORE_SUPPORT], NOW, THEIRS, belief)
    assert found == Question("term", "support", pytest.approx(1875 - 1250))


def test_where_no_answer_changes_the_suggestion_nothing_is_asked() -> None:
    belief = update_importance(THEIRS, {})
    assert next_question([MORE_TERM], NOW, THEIRS, belief) is None
    assert next_question([{**NOW, "term": 2, "support": 2}, MORE_TERM], NOW, THEIRS, belief) is None
    assert next_question([], NOW, THEIRS, belief) is None
    assert next_question([MORE_TERM], NOW, Preferences(ISSUES, {}), Belief((), ((),), (1.0,))) is None


@prove
@given(
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=4),
    st.lists(st.tuples(*[st.integers(1, 4)] * 3), min_size=1, max_size=6, unique=True),
)
def test_no_answer_is_worth_more_than_knowing_everything(packages, vectors) -> None:
    belief = Belief(("price", "term", "support"), tuple(vectors), (1 / len(vectors),) * len(vectors))
    found = next_question(packages, (1, 1, 1), THEIRS, belief)
    gains = [
        [5000 * sum(h * (x - 1) for h, x in zip(v, p, strict=True)) / sum(v) for p in packages]
        for v in vectors
    ]
    knowing = sum(max(0.0, *row) for row in gains) / len(vectors)
    guessing = max(0.0, *(sum(column) / len(vectors) for column in zip(*gains, strict=True)))
    if found:
        assert 0 < found.worth <= knowing - guessing + 1e-6
