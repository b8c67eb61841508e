"""The frontier of continuous issues, and the bargaining solutions on it.

Where values are linear between points, the best packages lie on a chain of straight edges: issue after issue
is given up in the order of what they gain per point that we lose, the greedy answer to the continuous
knapsack (Dantzig 1957). At most one issue is between two settings. Exact for concave values; otherwise, and
for choices, the chain is the upper hull of the frontier. Scores are basis points as fractions, not rounded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from negotiations.engine.exact import Number, exact
from negotiations.engine.frontier import Point
from negotiations.engine.scoring import Issue, Preferences, Value, same_issues
from negotiations.engine.solutions import HALF, whole_powers


@dataclass(frozen=True)
class Settlement:
    """A place on the chain: `share` (0 … 1) of the way from `start` to `end`, which differ in one issue."""

    ours: Number
    theirs: Number
    start: Point
    end: Point
    share: Fraction


def supported_frontier(ours: Preferences, theirs: Preferences) -> list[Point]:
    """The corners of the chain, best for us first; neighbours differ in one issue.

    A numeric issue may take any value between the ends of its options. ValueError if the issues differ.
    """
    hulls = [_hull(_corners(issue, ours, theirs)) for issue in same_issues(ours, theirs)]
    edges = [edge for hull in hulls for edge in pairwise(hull)]
    start = [hull[0] for hull in hulls]
    chain = [
        Point(
            sum(corner.ours for corner in start),
            sum(corner.theirs for corner in start),
            {corner.key: corner.value for corner in start},
        )
    ]
    for before, after in sorted(edges, key=lambda edge: -_exchange(*edge)):
        last = chain[-1]
        assert isinstance(last.package, dict)
        chain.append(
            Point(
                last.ours + after.ours - before.ours,
                last.theirs + after.theirs - before.theirs,
                {**last.package, after.key: after.value},
            )
        )
    return chain


def nash(
    chain: Sequence[Point], d_ours: Number, d_theirs: Number, power: Fraction | float = HALF
) -> Settlement | None:
    """argmax (U−r)^a·(U′−r′)^(1−a) on the chain, as `solutions.nash`; None where no place is rational.

    On an edge the product is largest where a·dA/A + (1−a)·dB/B = 0, or at an end.
    """
    ours, theirs = whole_powers(power)

    def turn(edge: _Edge) -> Fraction:
        return -(ours * edge.fall * edge.theirs + theirs * edge.rise * edge.ours) / (
            (ours + theirs) * edge.fall * edge.rise
        )

    return _best(_edges(chain, d_ours, d_theirs), lambda a, b: a**ours * b**theirs, turn)


def kalai_smorodinsky(chain: Sequence[Point], d_ours: Number, d_theirs: Number) -> Settlement | None:
    """Where both have the same share of what each could hope for; None where no place is rational."""
    edges = _edges(chain, d_ours, d_theirs)
    hope_ours = max((edge.ours + edge.low * edge.fall for edge in edges), default=0)
    hope_theirs = max((edge.theirs + edge.high * edge.rise for edge in edges), default=0)
    return _largest_minimum(edges, hope_theirs or 1, hope_ours or 1)


def egalitarian(chain: Sequence[Point], d_ours: Number, d_theirs: Number) -> Settlement | None:
    """Where both gain the same, or as nearly as the chain allows; None where no place is rational."""
    return _largest_minimum(_edges(chain, d_ours, d_theirs), 1, 1)


class _Corner(NamedTuple):
    """One setting of one issue and what it is worth to each side."""

    key: str
    value: Value
    ours: Number
    theirs: Number


def _corners(issue: Issue, ours: Preferences, theirs: Preferences) -> list[_Corner]:
    """The options of a choice; the places where a value bends, and the ends, of a numeric issue."""
    sides = [side for side in (ours, theirs) if issue.key in side.scores]
    values: Iterable[Value] = issue.options
    if issue.numeric:
        numbers = [exact(option) for option in issue.options]  # type: ignore[arg-type]
        bends = {exact(place) for side in sides for place in side.scores[issue.key]}
        low, high = min(numbers), max(numbers)
        values = sorted({low, high, *(place for place in bends if low < place < high)})

    def worth(side: Preferences, value: Value) -> Number:
        return side.exact_points(issue.key, value) if side in sides else 0

    return [_Corner(issue.key, value, worth(ours, value), worth(theirs, value)) for value in values]


def _hull(corners: list[_Corner]) -> list[_Corner]:
    """The corners of the concave upper hull, best for us first."""
    hull: list[_Corner] = []
    for corner in sorted(corners, key=lambda corner: (-corner.ours, -corner.theirs)):
        if hull and corner.theirs <= hull[-1].theirs:
            continue
        while len(hull) > 1 and _exchange(hull[-2], hull[-1]) <= _exchange(hull[-1], corner):
            hull.pop()
        hull.append(corner)
    return hull


def _exchange(before: _Corner, after: _Corner) -> Fraction:
    """What they gain per point that we lose between two corners of a hull."""
    return Fraction(after.theirs - before.theirs) / (before.ours - after.ours)


class _Edge(NamedTuple):
    """The gains along an edge, `ours` + share·`fall` and `theirs` + share·`rise`, for low ≤ share ≤ high."""

    start: Point
    end: Point
    ours: Fraction
    theirs: Fraction
    fall: Fraction
    rise: Fraction
    low: Fraction
    high: Fraction


def _edges(chain: Sequence[Point], d_ours: Number, d_theirs: Number) -> list[_Edge]:
    """The rational part of each edge; a chain of one corner is an edge without length."""
    edges = []
    for start, end in pairwise([*chain, chain[-1]] if len(chain) == 1 else chain):
        ours, theirs = Fraction(start.ours) - exact(d_ours), Fraction(start.theirs) - exact(d_theirs)
        fall, rise = Fraction(end.ours - start.ours), Fraction(end.theirs - start.theirs)
        low = max(-theirs / rise, Fraction(0)) if rise else Fraction(0)
        high = min(ours / -fall, Fraction(1)) if fall else Fraction(1)
        if low <= high and ours + low * fall >= 0 and theirs + high * rise >= 0:
            edges.append(_Edge(start, end, ours, theirs, fall, rise, low, high))
    return edges


def _largest_minimum(edges: list[_Edge], scale_ours: Number, scale_theirs: Number) -> Settlement | None:
    """Where the smaller of the two scaled gains is largest: where they cross, or at an end."""

    def cross(edge: _Edge) -> Fraction:
        return (edge.theirs * scale_theirs - edge.ours * scale_ours) / (
            edge.fall * scale_ours - edge.rise * scale_theirs
        )

    return _best(edges, lambda a, b: min(a * scale_ours, b * scale_theirs), cross)


def _best(
    edges: list[_Edge],
    worth: Callable[[Fraction, Fraction], Number],
    turn: Callable[[_Edge], Fraction],
) -> Settlement | None:
    """The place of the largest worth among the ends of the edges and where the worth turns on them."""
    places = []
    for edge in edges:
        shares = [edge.low, edge.high, *([turn(edge)] if edge.rise else [])]
        for share in shares:
            if edge.low <= share <= edge.high:
                gains = edge.ours + share * edge.fall, edge.theirs + share * edge.rise
                places.append((worth(*gains), edge, share))
    if not places:
        return None
    _worth, edge, share = max(places, key=lambda place: place[0])
    ours = edge.start.ours + share * edge.fall
    return Settlement(ours, edge.start.theirs + share * edge.rise, edge.start, edge.end, share)
