"""The negotiation dance: what the offers made so far say, and where they lead.

Give and get, concessions and the forecast need only our own scores or the money on the table, no guess
about the other side. After Raiffa 1982, who named the dance and found the midpoint to predict its end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from negotiations.engine.exact import Number, exact
from negotiations.engine.frontier import Point
from negotiations.engine.scoring import Package

# A change of a score of up to so many basis points counts as none.
TOLERANCE = 50
# Half the width of the 80 % band as a share of the opening gap, by the number of offers of each side:
# 20 000 simulated single-issue dances.
BANDS = {2: Fraction(139, 1000), 3: Fraction(125, 1000), 4: Fraction(113, 1000)}


class Side(StrEnum):
    """Who made a move."""

    OURS = "ours"
    THEIRS = "theirs"


class Move(StrEnum):
    """What a move does to the mover and to the other side (Hindriks, Jonker & Tykhonov 2007)."""

    FORTUNATE = "fortunate"  # better for both
    SELFISH = "selfish"  # better for the mover, not for the other
    CONCESSION = "concession"  # worse for the mover, not for the other
    NICE = "nice"  # better for the other at no cost
    SILENT = "silent"  # no difference to either
    UNFORTUNATE = "unfortunate"  # worse for the other, and not better for the mover


_CLASSES = {
    (1, 1): Move.FORTUNATE,
    (1, 0): Move.SELFISH,
    (1, -1): Move.SELFISH,
    (0, 1): Move.NICE,
    (0, 0): Move.SILENT,
    (0, -1): Move.UNFORTUNATE,
    (-1, 1): Move.CONCESSION,
    (-1, 0): Move.CONCESSION,
    (-1, -1): Move.UNFORTUNATE,
}


def classify_moves(offers: Sequence[Point], mover: Side, tolerance: int = TOLERANCE) -> list[Move]:
    """The class of each step from one offer of `mover` to the next: one fewer than offers.

    `offers` are the scores, in basis points, of the successive offers of one side. A change of up to
    `tolerance` counts as none. After Hindriks, Jonker & Tykhonov 2007.
    """
    moves = []
    for before, after in pairwise(offers):
        signs = _sign(after.ours - before.ours, tolerance), _sign(after.theirs - before.theirs, tolerance)
        moves.append(_CLASSES[signs if mover == Side.OURS else signs[::-1]])
    return moves


@dataclass(frozen=True)
class Concession:
    """What one step of ours cost us: in basis points, and as a share of all we had to give."""

    points: Number
    share: Fraction | None


def concessions(our_scores: Sequence[Number], reservation: Number | None = None) -> list[Concession]:
    """Step by step what we conceded: cₜ = U(oₜ₋₁) − U(oₜ), negative where we took something back.

    `our_scores` are our scores of our offers. The share is cₜ/(U(o₁)−r); None where the reservation is
    unknown or the first offer was not better than it.
    """
    room = exact(our_scores[0]) - exact(reservation) if our_scores and reservation is not None else 0
    steps = [exact(before) - exact(after) for before, after in pairwise(our_scores)]
    return [Concession(step, Fraction(step) / room if room > 0 else None) for step in steps]


@dataclass(frozen=True)
class GiveGet:
    """What our moves cost us and what their moves gained us, both in our own score (basis points)."""

    given: Number
    got: Number

    @property
    def ratio(self) -> Fraction | None:
        """What we got for each point given; None where we gave nothing."""
        return Fraction(self.got) / self.given if self.given > 0 else None


def give_get(our_scores: Sequence[Number], their_scores: Sequence[Number]) -> GiveGet:
    """G = Σ of our concessions and T = Σ of the increases of our score over their offers.

    `our_scores` are our scores of our offers, `their_scores` our scores of *their* offers, each in time. A
    step back counts against the side that took it, so that what was given twice is not counted twice.
    """
    return GiveGet(
        sum((step.points for step in concessions(our_scores)), start=0),
        -sum((step.points for step in concessions(their_scores)), start=0),
    )


def times_moved(offers: Iterable[Package]) -> dict[str, int]:
    """How often one side changed its mind on each issue: 0 is firm so far, 2 and more is flexible.

    An issue an offer is silent on keeps its last setting.
    """
    moved: dict[str, int] = {}
    last: dict[str, object] = {}
    for offer in offers:
        for key, value in offer.items():
            moved[key] = moved.get(key, 0) + (key in last and last[key] != value)
            last[key] = value
    return moved


@dataclass(frozen=True)
class Forecast:
    """Where the offers meet if both keep meeting halfway, with a rough 80 % band; unit of the offers.

    `overlap_likely` is False where the midpoint lies beyond our reservation, None where that is unknown.
    """

    midpoint: Fraction
    low: Fraction
    high: Fraction
    overlap_likely: bool | None


def forecast(
    ours: Sequence[Number], theirs: Sequence[Number], reservation: Number | None = None
) -> Forecast | None:
    """The midpoint of the two current offers; None before each side has made two.

    `ours` and `theirs` are the offers of each side in time, in money or in our score. The band is 13.9, 12.5
    or 11.3 % of the opening gap to either side after 2, 3 or more offers each, and no wider than the offers
    on the table. Midpoints err half as much as extrapolated concession lines: 7.8 against 18.1 % of the
    opening gap after three offers each, in simulated dances. We want more where we began above them.
    """
    rounds = min(len(ours), len(theirs))
    if rounds < min(BANDS):
        return None
    opening_gap, gap = (Fraction(exact(ours[at])) - exact(theirs[at]) for at in (0, -1))
    midpoint = exact(theirs[-1]) + gap / 2
    reach = min(BANDS[min(rounds, max(BANDS))] * abs(opening_gap), abs(gap) / 2)
    overlap = None
    if reservation is not None:
        overlap = midpoint >= exact(reservation) if opening_gap >= 0 else midpoint <= exact(reservation)
    return Forecast(midpoint, midpoint - reach, midpoint + reach, overlap)


def _sign(change: Number, tolerance: int) -> int:
    return (change > tolerance) - (change < -tolerance)
