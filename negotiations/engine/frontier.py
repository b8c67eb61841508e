"""The Pareto frontier: packages that cannot be better for one side without being worse for the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

from negotiations.engine.exact import Number, exact
from negotiations.engine.scoring import AnyPackage, Preferences, same_issues


@dataclass(frozen=True)
class Point:
    """A package and what it is worth to each side."""

    ours: Number
    theirs: Number
    package: AnyPackage = field(default=(), hash=False)


def pareto_frontier(ours: Preferences, theirs: Preferences) -> list[Point]:
    """Every non-dominated pair of scores (basis points), best for us first, with one package each.

    `Point.package` maps issue keys to values, and `score(point.package, ours) == point.ours`. Of several
    packages with the same pair of scores the first is given, in the order of issues and options. An issue
    that one side does not score counts nothing for that side. ValueError if the issues differ. The method is
    that of `pareto_frontier_exact`.
    """
    issues = same_issues(ours, theirs)
    return [
        Point(
            point.ours,
            point.theirs,
            {issue.key: issue.options[index] for issue, index in zip(issues, _indexes(point), strict=True)},
        )
        for point in pareto_frontier_exact(ours.tables, theirs.tables)
    ]


def pareto_frontier_exact(
    ours: Sequence[Sequence[Number]], theirs: Sequence[Sequence[Number]]
) -> list[Point]:
    """The frontier over tables: per issue the list of its options' scores, in any unit, integer or fraction.

    The score of a package is the sum of its options' scores; `Point.package` is the tuple of option indexes,
    one for each issue. One point per distinct non-dominated pair, best for us first; of several packages with
    the same pair the lexicographically first. Without issues the one empty package scores 0. ValueError if
    the tables differ in shape or an issue has no option.

    Issues are merged one after the other, and what is dominated is dropped at once: exact, because a
    dominated part of a package can always be replaced by the one that dominates it (the dynamic program for
    the bi-objective knapsack, Nemhauser & Ullmann 1969).
    """
    if [len(table) for table in ours] != [len(table) for table in theirs] or not all(map(len, ours)):
        raise ValueError("Both sides need a score for every option, and every issue an option.")
    our_scale, our_base, our_tables = _whole(ours)
    their_scale, their_base, their_tables = _whole(theirs)
    # A pair of scores is one integer, ours in the high bits and theirs in the low ones: adding pairs adds
    # both scores, and sorting them is sorting by ours first. No sum of theirs reaches the high bits.
    bits = sum(map(max, their_tables)).bit_length()
    mask = (1 << bits) - 1
    steps = [
        _options([(u << bits) | t for u, t in zip(our_table, their_table, strict=True)], mask)
        for our_table, their_table in zip(our_tables, their_tables, strict=True)
    ]
    tails = [[0]]  # the frontier of the last 0, 1, 2 … issues
    for step in reversed(steps):
        tails.append(_undominated([tail + part for part in step for tail in tails[-1]], mask))
    packages = _packages(tails.pop(), steps, [set(tail) for tail in reversed(tails)])
    return [
        Point(
            _unscaled((pair >> bits) + our_base, our_scale),
            _unscaled((pair & mask) + their_base, their_scale),
            package,
        )
        for pair, package in packages
    ]


def best_for_them(points: Iterable[Point], aspiration: Number) -> Point | None:
    """Of points that give us at least `aspiration` the best for them; None where no point does."""
    enough = (point for point in points if point.ours >= aspiration)
    return max(enough, key=lambda point: point.theirs, default=None)


def _whole(tables: Sequence[Sequence[Number]]) -> tuple[int, int, list[list[int]]]:
    """Scale, base and tables of integers from 0: a package scores (base + its integers) ÷ scale."""
    exactly = [[exact(score) for score in table] for table in tables]
    scale = lcm(*(score.denominator for table in exactly for score in table))
    whole = [[score.numerator * (scale // score.denominator) for score in table] for table in exactly]
    lowest = [min(table) for table in whole]
    return scale, sum(lowest), [[s - low for s in table] for table, low in zip(whole, lowest, strict=True)]


def _unscaled(score: int, scale: int) -> Number:
    return score if scale == 1 else Fraction(score, scale)


def _options(pairs: list[int], mask: int) -> dict[int, int]:
    """The non-dominated options of an issue: pair → index of the first option with it, by index."""
    kept = set(_undominated(pairs, mask))
    first: dict[int, int] = {}
    for index, pair in enumerate(pairs):
        if pair in kept:
            first.setdefault(pair, index)
    return first


def _undominated(pairs: list[int], mask: int) -> list[int]:
    """The non-dominated pairs, best for us first."""
    best, kept = -1, []
    for pair in sorted(pairs, reverse=True):
        if pair & mask > best:
            best = pair & mask
            kept.append(pair)
    return kept


def _packages(
    frontier: list[int], steps: Sequence[Mapping[int, int]], tails: Sequence[set[int]]
) -> Iterable[tuple[int, tuple[int, ...]]]:
    """The first package of each pair: issue by issue the first option whose rest can still be made."""
    for pair in frontier:
        package, rest = [], pair
        for step, tail in zip(steps, tails, strict=True):
            part, index = next(item for item in step.items() if rest - item[0] in tail)
            package.append(index)
            rest -= part
        yield pair, tuple(package)


def _indexes(point: Point) -> tuple[int, ...]:
    assert isinstance(point.package, tuple)
    return point.package
