"""The bargaining solutions: reference marks on the frontier, never "the right answer".

Each function looks only at the rational points, those no worse than the disagreement for either side, and
lists every point that ties, in the order given; the list is empty where no point is rational. Scores may be
integers or fractions in any unit, and ties are exact. Reservation values are taken as entered, also below the
worst score. The points need not be a frontier. ValueError or OverflowError for what is not a number.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from negotiations.engine.exact import Number, exact
from negotiations.engine.frontier import Point
from negotiations.engine.scoring import AnyPackage, Preferences

# What we gain over the disagreement, and what they gain.
Gains: TypeAlias = tuple[Number, Number]

HALF = Fraction(1, 2)
FINEST_POWER = 1000


def nash(
    points: Iterable[Point],
    d_ours: Number,
    d_theirs: Number,
    power: Fraction | float = HALF,
) -> list[Point]:
    """argmax (U−r)^a · (U′−r′)^(1−a): the product of the gains (Nash 1950).

    `power` a, 0 … 1, is our share of the bargaining power (Kalai 1977). ValueError outside 0 … 1.
    """
    ours, theirs = whole_powers(power)
    return _best(_rational(points, d_ours, d_theirs), lambda gains: gains[0] ** ours * gains[1] ** theirs)


def kalai_smorodinsky(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> list[Point]:
    """argmax min((U−r)/(U*−r), (U′−r′)/(U′*−r′)): equal shares of what each could hope for.

    U* is the best score of the side among the rational points (Kalai & Smorodinsky 1975). On finitely many
    points the larger minimum is taken, not the smaller difference of the shares. A side that no rational
    point can give a gain has all it could hope for: its share counts as 1.
    """
    rational = _rational(points, d_ours, d_theirs)
    hope_ours = max((ours for _point, (ours, _theirs) in rational), default=0)
    hope_theirs = max((theirs for _point, (_ours, theirs) in rational), default=0)
    if not (hope_ours and hope_theirs):
        return _best(rational, sum)
    # Both shares times both hopes: the same order without a division.
    return _best(rational, lambda gains: min(gains[0] * hope_theirs, gains[1] * hope_ours))


def egalitarian(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> list[Point]:
    """argmax min(U−r, U′−r′): the largest smaller gain (Kalai 1977). Needs scores in a common unit."""
    return _best(_rational(points, d_ours, d_theirs), min)


def utilitarian(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> list[Point]:
    """argmax U+U′: the largest sum (Harsanyi 1955). Needs scores in a common unit."""
    return _best(_rational(points, d_ours, d_theirs), sum)


def whole_powers(power: Fraction | float) -> tuple[int, int]:
    """Whole exponents in the proportion a : 1−a, so that weighted products are compared exactly.

    A power with a denominator over 1000 is taken to the nearest fraction that has none.
    """
    if not 0 <= power <= 1:
        raise ValueError("The power must be between 0 and 1.")
    share = Fraction(power).limit_denominator(FINEST_POWER)
    return share.numerator, share.denominator - share.numerator


def nearest(points: Sequence[Point], package: AnyPackage, preferences: Preferences) -> Point | None:
    """Of points that tie the one with the fewest issues to change from `package`; the first among equals."""
    return min(points, key=lambda point: len(preferences.changes(package, point.package)), default=None)


def _rational(points: Iterable[Point], d_ours: Number, d_theirs: Number) -> list[tuple[Point, Gains]]:
    """The points no worse than the disagreement for either side, with what each side gains there."""
    base_ours, base_theirs = exact(d_ours), exact(d_theirs)
    gains = ((point, (exact(point.ours) - base_ours, exact(point.theirs) - base_theirs)) for point in points)
    return [(point, gain) for point, gain in gains if min(gain) >= 0]


def _best(rational: list[tuple[Point, Gains]], worth: Callable[[Gains], Number]) -> list[Point]:
    """Every point of the largest worth."""
    worths = [worth(gains) for _point, gains in rational]
    largest = max(worths, default=None)
    return [point for (point, _gains), each in zip(rational, worths, strict=True) if each == largest]
