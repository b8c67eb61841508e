"""Exact numbers: what is compared is never a rounded value."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | Fraction

BASIS_POINTS = 10_000


def exact(value: Number | Decimal | float) -> Number:
    """The same number as an integer or fraction; a float is taken at its exact binary value.

    ValueError or OverflowError for a value that is not a number (NaN, infinity).
    """
    return value if isinstance(value, int | Fraction) else Fraction(value)


def largest_remainder(weights: Sequence[Number], total: int = BASIS_POINTS) -> list[int]:
    """Whole numbers in the proportion of `weights` (any unit) that sum to exactly `total`.

    Each share is rounded down; what is left goes, one by one, to the largest remainders, the earlier
    first among equals (Hamilton's method). ValueError for a negative weight or when all are zero.
    """
    weights = [exact(weight) for weight in weights]
    whole = sum(weights)
    if not whole or min(weights) < 0:
        raise ValueError("Weights must not be negative, and one must be positive.")
    shares = [Fraction(weight * total) / whole for weight in weights]
    rounded = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda index: rounded[index] - shares[index])
    for index in by_remainder[: total - sum(rounded)]:
        rounded[index] += 1
    return rounded
