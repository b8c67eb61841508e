"""What is negotiated, what each side thinks of it, and the score of a package.

The model is additive, as in INSPIRE and Negoisst (Kersten & Noronha 1999): every option of an issue has a
value from 0 (worst considered) to 100 (best considered), every issue a weight. Values are anchored on the
range considered and not on the reservation value, which may then move without rescaling anything.

    price = Issue("price", (80_000, 90_000, 100_000), numeric=True)
    delivery = Issue("delivery", ("2 weeks", "4 weeks"))
    ours = Preferences(
        (price, delivery),
        {"price": {80_000: 0, 100_000: 100}, "delivery": {"2 weeks": 0, "4 weeks": 100}},
        {"price": 70, "delivery": 30},
    )
    score({"price": 90_000, "delivery": "4 weeks"}, ours)  # 6500
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from negotiations.engine.exact import Number, exact, largest_remainder

Value: TypeAlias = str | int | Fraction | Decimal | float
Package: TypeAlias = Mapping[str, Value]
AnyPackage: TypeAlias = Package | Sequence[Value]

BEST = 100


@dataclass(frozen=True)
class Issue:
    """One thing to settle, the same for both sides: its name and the options worth looking at.

    An offer may name any value of a numeric issue; `options` are the levels a search looks at
    (`grid.levels`). ValueError without options or with the same option twice.
    """

    key: str
    options: tuple[Value, ...]
    numeric: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", tuple(self.options))
        if not self.options or len(set(self.options)) < len(self.options):
            raise ValueError(f"{self.key}: needs options, each once.")


def rising(issue: Issue) -> dict[Value, Number]:
    """Values of a numeric issue for a side that wants it high."""
    low, high = _ends(issue)
    return {low: 0, high: BEST}


def falling(issue: Issue) -> dict[Value, Number]:
    """Values of a numeric issue for a side that wants it low."""
    low, high = _ends(issue)
    return {high: 0, low: BEST}


def peaked(issue: Issue, best: Value) -> dict[Value, Number]:
    """Values of a numeric issue for a side that wants it at `best`, both ends of the range being worst."""
    low, high = _ends(issue)
    return {low: 0, high: 0, best: BEST}


def _ends(issue: Issue) -> tuple[Value, Value]:
    ordered = sorted(issue.options, key=_number)
    return ordered[0], ordered[-1]


@dataclass(frozen=True)
class Preferences:
    """How one side values the issues.

    `scores` gives per issue the values 0 … 100: of every option (choice), or of some points between which
    the value is linear and beyond which it stays (numeric). An issue without scores counts nothing.
    `weights`, in any unit, are spread over the issues with scores to exactly 10 000 basis points; without
    weights all count the same. ValueError for what does not fit together.
    """

    issues: tuple[Issue, ...]
    scores: Mapping[str, Mapping[Any, Number]]
    weights: Mapping[str, Number] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "issues", tuple(self.issues))
        keys = [issue.key for issue in self.issues]
        if len(set(keys)) < len(keys):
            raise ValueError("Two issues have the same key.")
        if unknown := set(self.scores) - set(keys):
            raise ValueError(f"Scores of no issue: {sorted(unknown)}.")
        if self.weights is not None and (missing := set(self.scores) - set(self.weights)):
            raise ValueError(f"No weight for {sorted(missing)}.")
        for issue in self.issues:
            if issue.key in self.scores:
                _check_scores(issue, self.scores[issue.key])
        _ = self.weights_bp

    @cached_property
    def weights_bp(self) -> dict[str, int]:
        """Weight of each scored issue in basis points; they sum to 10 000 (largest remainder)."""
        keys = [issue.key for issue in self.issues if issue.key in self.scores]
        entered = [1 if self.weights is None else self.weights[key] for key in keys]
        return dict(zip(keys, largest_remainder(entered), strict=True)) if keys else {}

    @cached_property
    def tables(self) -> tuple[tuple[int, ...], ...]:
        """Basis points of every option of every issue, in their order; 0 for an issue without scores."""
        return tuple(
            tuple(self.points(issue.key, option) for option in issue.options)
            if issue.key in self.scores
            else (0,) * len(issue.options)
            for issue in self.issues
        )

    def value(self, key: str, value: Value) -> Number:
        """The value 0 … 100 of one setting of a scored issue. ValueError for an unknown choice."""
        found = self._values[key]
        if isinstance(found, _Line):
            return found.at(_number(value))
        if value not in found:
            raise ValueError(f"{key}: {value!r} is not an option.")
        return exact(found[value])

    def exact_points(self, key: str, value: Value) -> Fraction:
        """Weight times value, in basis points and not rounded."""
        return Fraction(self.weights_bp[key] * self.value(key, value)) / BEST

    def points(self, key: str, value: Value) -> int:
        """Weight times value in whole basis points; an exact half goes to the even number."""
        return round(self.exact_points(key, value))

    def settings(self, package: AnyPackage) -> dict[str, Value]:
        """What a package says about the issues, in their order; it may be silent on some only if it has keys.

        ValueError for a list that has not one value per issue.
        """
        if isinstance(package, Mapping):
            return {issue.key: package[issue.key] for issue in self.issues if issue.key in package}
        if len(package) != len(self.issues):
            raise ValueError("A package without keys must have one value per issue.")
        return {issue.key: value for issue, value in zip(self.issues, package, strict=True)}

    def scored_settings(self, package: AnyPackage) -> dict[str, Value]:
        """What a package says about the scored issues. ValueError if it is silent on one."""
        settings = self.settings(package)
        if missing := [key for key in self.weights_bp if key not in settings]:
            raise ValueError(f"The package says nothing about {missing}.")
        return {key: settings[key] for key in self.weights_bp}

    def changes(self, before: AnyPackage, after: AnyPackage) -> dict[str, Value]:
        """The issues on which two packages differ, with their setting in the second."""
        old = self.settings(before)
        return {
            key: value for key, value in self.settings(after).items() if key not in old or old[key] != value
        }

    def only(self, allowed: Mapping[str, Collection[Value]]) -> "Preferences":
        """The same values and weights with fewer options: what hard limits leave."""
        issues = [
            replace(issue, options=tuple(o for o in issue.options if o in allowed[issue.key]))
            if issue.key in allowed
            else issue
            for issue in self.issues
        ]
        return replace(self, issues=tuple(issues))

    @cached_property
    def _values(self) -> dict[str, "_Line | Mapping[Any, Number]"]:
        return {
            issue.key: _Line(self.scores[issue.key]) if issue.numeric else self.scores[issue.key]
            for issue in self.issues
            if issue.key in self.scores
        }


def score(package: AnyPackage, preferences: Preferences) -> int:
    """The score of a package in basis points, 0 (worst on every issue) … 10 000 (best on every issue).

    U = Σ round(wₖ·vₖ/100) over the issues with scores (Keeney & Raiffa 1976). A package maps issue keys to
    values, or lists the values in the order of the issues; what it says about other issues is not read.
    Numeric values count exactly, on the grid or off it. ValueError if a scored issue is missing or a choice
    unknown.
    """
    return sum(preferences.points(key, value) for key, value in preferences.scored_settings(package).items())


def same_issues(ours: Preferences, theirs: Preferences) -> tuple[Issue, ...]:
    """The issues of both. ValueError unless they are the same, with the same options in the same order."""
    if ours.issues != theirs.issues:
        raise ValueError("Both sides must have the same issues with the same options.")
    return ours.issues


class _Line:
    """A value that is linear between points and constant beyond them."""

    def __init__(self, points: Mapping[Any, Number]) -> None:
        pairs = sorted((_number(place), exact(value)) for place, value in points.items())
        self.places = [place for place, _value in pairs]
        self.values = [value for _place, value in pairs]

    def at(self, place: Number) -> Number:
        if place <= self.places[0]:
            return self.values[0]
        if place >= self.places[-1]:
            return self.values[-1]
        after = bisect_right(self.places, place)
        start, end = self.places[after - 1], self.places[after]
        low, high = self.values[after - 1], self.values[after]
        return low + Fraction((high - low) * (place - start), end - start)


def _number(value: Value) -> Number:
    if isinstance(value, str):
        raise ValueError(f"{value!r} is not a number.")
    return exact(value)


def _check_scores(issue: Issue, scores: Mapping[Any, Number]) -> None:
    if not scores or not all(0 <= exact(score) <= BEST for score in scores.values()):
        raise ValueError(f"{issue.key}: needs scores between 0 and 100.")
    if issue.numeric:
        for option in (*issue.options, *scores):
            _number(option)
    elif missing := [option for option in issue.options if option not in scores]:
        raise ValueError(f"{issue.key}: no score for {missing}.")
