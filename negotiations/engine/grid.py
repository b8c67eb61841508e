"""The levels at which a numeric issue is looked at."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

N = TypeVar("N", int, Fraction, Decimal)

MOST_LEVELS = 51


def levels(low: N, high: N, step: N, offered: Iterable[N] = (), most: int = MOST_LEVELS) -> tuple[N, ...]:
    """Ascending values from `low` to `high` on the bargaining step, with both ends and all that was offered.

    With more than `most` steps the levels spread evenly over them. A value in between is then at most
    half a gap away: for the default, one step or about 1 % of the range, whichever is more. Values offered
    outside the range score as its ends and need no level. ValueError for an empty range or step.
    """
    if not (low <= high and step > 0 and most >= 2):
        raise ValueError("A grid needs low <= high, a positive step and at least two levels.")
    steps = int((high - low) // step)
    count = min(steps, most - 1)
    marks = [(2 * index * steps + count) // (2 * count) for index in range(count + 1)] if count else [0]
    values = {low + mark * step for mark in marks} | {high}
    return tuple(sorted(values | {value for value in offered if low <= value <= high}))
