"""Shares with their uncertainty: win rates and how often a stage leads to a win.

What cannot be said because nothing was counted is None, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

# The two-sided 95 % quantile of the normal distribution.
Z_95 = 1.959963984540054
# Fewer closed deals than this say too little about a stage: the set probability is used.
ENOUGH = 20


@dataclass(frozen=True)
class Share:
    """`part` of `n`, with the 95 % interval of the chance behind it."""

    part: int
    n: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Chance:
    """What a stage is worth: the set probability and the measured one, and which of them is used."""

    set_percent: int
    measured: Share
    is_measured: bool
    value: Decimal  # the one used, 0–1


def wilson(part: int, n: int, *, z: float = Z_95) -> tuple[float, float] | None:
    """The Wilson score interval: it stays within 0–1 and holds for small n too."""
    if not n:
        return None
    rate, square = part / n, z * z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    # At 0 and 1 the exact bounds are 0 and 1; rounding must not step over them.
    return (0.0 if part == 0 else middle - half), (1.0 if part == n else middle + half)


def share(part: int, n: int) -> Share:
    """A share and its interval."""
    interval = wilson(part, n)
    if interval is None:
        return Share(part, 0, None, None, None)
    return Share(part, n, part / n, *interval)


def chance(*, set_percent: int, won: int, closed: int, enough: int = ENOUGH) -> Chance:
    """What is won among the closed deals that ever entered a stage, where there are enough of them."""
    measured = share(won, closed)
    if closed < enough:
        return Chance(set_percent, measured, False, Decimal(set_percent) / 100)
    return Chance(set_percent, measured, True, Decimal(won) / closed)


def win_rate(won: int, lost: int) -> Share:
    """Won among what was closed."""
    return share(won, won + lost)


def velocity(
    *, open_deals: int, average_won: Decimal | None, rate: float | None, cycle_days: float | None
) -> Decimal | None:
    """What the pipeline brings in a day: open deals × average won value × win rate ÷ cycle in days."""
    if average_won is None or rate is None or not cycle_days:
        return None
    return open_deals * average_won * Decimal(str(rate)) / Decimal(str(cycle_days))


def conversions(reached: Sequence[int]) -> list[float | None]:
    """Each step's share of the step before; None for the first and after nobody."""
    before = [None, *reached][: len(reached)]
    return [after / first if first else None for first, after in zip(before, reached, strict=True)]
