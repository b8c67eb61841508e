"""How long deals stay in a stage. Stays that are not over yet are counted apart: they are only known
to be at least so long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Lengths of stays → how many.
Lengths = Mapping[float, int]


@dataclass(frozen=True)
class Stays:
    """`median` is of the `ended` stays. `survival` is the Kaplan-Meier median, which takes the `running`
    ones in: None while fewer than half of all stays are known to have ended."""

    ended: int
    median: float | None
    running: int
    running_median: float | None
    survival: float | None


def stays(ended: Lengths, running: Lengths) -> Stays:
    return Stays(
        sum(ended.values()),
        median(ended),
        sum(running.values()),
        median(running),
        survival_median(ended, running),
    )


def median(lengths: Lengths) -> float | None:
    """The middle length, or the mean of the two in the middle."""
    n = sum(lengths.values())
    if not n:
        return None
    low = high = None
    seen = 0
    for length in sorted(lengths):
        seen += lengths[length]
        if low is None and seen >= (n + 1) // 2:
            low = length
        if seen >= n // 2 + 1:
            high = length
            break
    assert low is not None
    assert high is not None
    return (low + high) / 2


def survival_median(ended: Lengths, running: Lengths) -> float | None:
    """The first length by which half of the stays are estimated to be over (Kaplan-Meier)."""
    at_risk = sum(ended.values()) + sum(running.values())
    left = 1.0
    for length in sorted({*ended, *running}):
        over = ended.get(length, 0)
        if over:
            left *= 1 - over / at_risk
            if left <= 0.5 + 1e-12:
                return length
        at_risk -= over + running.get(length, 0)
    return None
