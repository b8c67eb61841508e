"""Small random negotiations, and what brute force says about them."""

from fractions import Fraction
from itertools import product
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from negotiations.engine.frontier import Point
from negotiations.engine.scoring import Issue, Preferences, score

# A busy machine is no reason to fail.
prove = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Few different scores make many ties.
SCORES = st.one_of(
    st.integers(0, 4), st.integers(-50, 50), st.fractions(-3, 3, max_denominator=6), st.integers(0, 10**12)
)
DISAGREEMENTS = st.tuples(st.integers(-20, 30), st.integers(-20, 30))


@st.composite
def tables(draw: Any, most_issues: int = 4, most_options: int = 4) -> tuple[list[list[Any]], list[list[Any]]]:
    """Scores per issue and option of both sides, of one kind of number or of several."""
    sizes = draw(st.lists(st.integers(1, most_options), min_size=1, max_size=most_issues))
    kind = draw(st.sampled_from([SCORES, st.integers(0, 3), st.integers(-9, 9)]))
    return tuple([draw(st.lists(kind, min_size=m, max_size=m)) for m in sizes] for _side in range(2))


def every_point(ours: list[list[Any]], theirs: list[list[Any]]) -> list[Point]:
    """All packages of tables, in lexicographic order."""
    choices = product(*(range(len(table)) for table in ours))
    return [
        Point(
            sum(t[i] for t, i in zip(ours, choice, strict=True)),
            sum(t[i] for t, i in zip(theirs, choice, strict=True)),
            choice,
        )
        for choice in choices
    ]


def undominated(points: list[Point]) -> list[Point]:
    """The frontier by comparing all with all: one point per pair of scores, best for us first."""
    first: dict[Any, Point] = {}
    for point in points:
        first.setdefault((point.ours, point.theirs), point)
    kept = [
        point
        for point in first.values()
        if not any(
            other.ours >= point.ours and other.theirs >= point.theirs and other is not point
            for other in first.values()
        )
    ]
    return sorted(kept, key=lambda point: -point.ours)


@st.composite
def sides(draw: Any, least_issues: int = 1) -> tuple[Preferences, Preferences]:
    """Two sides over the same choices and numeric issues; each may leave issues unscored."""
    count = draw(st.integers(least_issues, 4))
    issues = []
    for number in range(count):
        size = draw(st.integers(1, 4))
        if draw(st.booleans()):
            steps = draw(st.lists(st.integers(0, 40), min_size=size, max_size=size, unique=True))
            issues.append(
                Issue(f"n{number}", tuple(Fraction(step, 4) for step in sorted(steps)), numeric=True)
            )
        else:
            issues.append(Issue(f"c{number}", tuple("abcd"[:size])))
    return draw(one_side(issues)), draw(one_side(issues))


@st.composite
def one_side(draw: Any, issues: list[Issue]) -> Preferences:
    """Random values and weights."""
    value = st.integers(0, 100)
    scored = [issue for issue in issues if draw(st.integers(0, 5))]
    scores = {
        issue.key: draw(
            st.dictionaries(st.integers(-1, 11), value, min_size=1, max_size=3)
            if issue.numeric
            else st.fixed_dictionaries(dict.fromkeys(issue.options, value))
        )
        for issue in scored
    }
    weights = {issue.key: draw(st.integers(1, 9)) for issue in scored}
    return Preferences(tuple(issues), scores, draw(st.sampled_from([weights, None])))


def packages(preferences: Preferences) -> list[dict[str, Any]]:
    """Every package of the options."""
    keys = [issue.key for issue in preferences.issues]
    return [
        dict(zip(keys, choice, strict=True))
        for choice in product(*(issue.options for issue in preferences.issues))
    ]


def scored(package: Any, ours: Preferences, theirs: Preferences) -> Point:
    """A package with both scores."""
    return Point(score(package, ours), score(package, theirs), package)
