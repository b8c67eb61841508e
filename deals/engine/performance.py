"""Targets against what was reached: attainment, pace, what drives the gap, and the next target.

Amounts are ``Decimal`` in one currency, counts are ``int``; shares are fractions of one. What cannot
be said because a denominator is zero is None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import permutations

# A period that met its target is followed by one this much higher; a missed one by the trend.
MET_FACTOR = Decimal("1.10")
# What a first goal is set to: last period's revenue times this.
DEFAULT_FACTOR = Decimal("1.2")


@dataclass(frozen=True)
class Progress:
    """Where a target stands. `expected` is the share of the period that is over, times the target."""

    target: Decimal
    actual: Decimal
    gap: Decimal  # target − actual: positive is missing, negative is ahead
    attainment: Decimal | None
    expected: Decimal
    is_over: bool

    @property
    def is_met(self) -> bool:
        return self.gap <= 0

    @property
    def is_behind(self) -> bool:
        """Less than an even pace would have brought by now."""
        return not self.is_met and self.actual < self.expected


def progress(target: Decimal, actual: Decimal, *, start: date, end: date, day: date) -> Progress:
    """How far a target of the half-open period [start, end) is reached on `day`."""
    total = (end - start).days
    gone = min(max((day - start).days, 0), total)
    return Progress(
        target=target,
        actual=actual,
        gap=target - actual,
        attainment=actual / target if target else None,
        expected=target * gone / total,
        is_over=day >= end,
    )


@dataclass(frozen=True)
class Proposal:
    """The next target and why: ``met`` (times 1.10), ``trend`` (the line through what was reached) or
    ``held`` (no trend to be seen: what was reached)."""

    value: Decimal
    reason: str


def propose_next(target: Decimal, actuals: Sequence[Decimal], *, step: Decimal = Decimal(1)) -> Proposal:
    """The target of the next period, rounded to `step`.

    `actuals` are what the past periods reached, oldest first; the last one belongs to `target`.
    Met: the target × 1.10. Missed: the least-squares line through the actuals, one period on, never
    below zero; with fewer than three periods what was reached last.
    """
    if not actuals:
        raise ValueError("nothing has been reached yet")
    if actuals[-1] >= target:
        return Proposal(_rounded(target * MET_FACTOR, step), "met")
    if len(actuals) < 3:
        return Proposal(max(_rounded(actuals[-1], step), step), "held")
    return Proposal(max(_rounded(_next_on_line(actuals), step), step), "trend")


def _next_on_line(values: Sequence[Decimal]) -> Decimal:
    """The value at n of the least-squares line through (0, v0) … (n−1, v(n−1))."""
    n = len(values)
    middle = Decimal(n - 1) / 2
    mean = sum(values, Decimal(0)) / n
    spread = sum((i - middle) ** 2 for i in range(n))
    slope = sum(((i - middle) * v for i, v in enumerate(values)), Decimal(0)) / spread
    return mean + slope * (n - middle)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def split(
    total: Decimal, weights: Mapping[str, Decimal], *, unit: Decimal = Decimal("0.01")
) -> dict[str, Decimal]:
    """Divide an amount by weight so that the parts add up to it exactly (largest remainder).

    Parts are whole multiples of `unit`, the amount must be one too. Ties go to the part named first.
    Raises ValueError where the weights are negative or all zero.
    """
    whole = sum(weights.values(), Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights are positive, one at least more than zero")
    units, rest = divmod(total, unit)
    if rest:
        raise ValueError(f"{total} is not a multiple of {unit}")
    exact = {name: Fraction(weight) / Fraction(whole) * int(units) for name, weight in weights.items()}
    parts = {name: int(share // 1) for name, share in exact.items()}
    missing = int(units) - sum(parts.values())
    by_remainder = sorted(exact, key=lambda name: exact[name] - parts[name], reverse=True)
    for name in by_remainder[:missing]:
        parts[name] += 1
    return {name: count * unit for name, count in parts.items()}


@dataclass(frozen=True)
class Drivers:
    """Why the result differs from another period's: three effects that add up to the difference."""

    volume: Decimal  # more or fewer deals came to a decision
    win_rate: Decimal  # a larger or smaller part of them was won
    size: Decimal  # a won deal was worth more or less

    @property
    def total(self) -> Decimal:
        return self.volume + self.win_rate + self.size


def drivers(before: tuple[int, int, Decimal], now: tuple[int, int, Decimal]) -> Drivers | None:
    """Split the change of the won amount into volume, win rate and deal size.

    Each period is (decided deals, won deals, won amount); the won amount is decided × win rate ×
    average size. The effects are Shapley values: the average over all six orders of changing one
    factor after the other, so they add up exactly and none depends on the order.
    Source: Shapley, A value for n-person games (1953). None where either period won nothing.
    """
    if not (before[1] and now[1]):
        return None
    old, new = _factors(before), _factors(now)
    effects = [Fraction(0)] * 3
    orders = list(permutations(range(3)))
    for order in orders:
        state = list(old)
        for index in order:
            product = state[0] * state[1] * state[2]
            state[index] = new[index]
            effects[index] += state[0] * state[1] * state[2] - product
    cents = [_money(effect / len(orders)) for effect in effects]
    # Rounding may leave a cent; it goes to the largest effect.
    largest = max(range(3), key=lambda index: abs(cents[index]))
    cents[largest] += (now[2] - before[2]) - sum(cents, Decimal(0))
    return Drivers(*cents)


def _factors(period: tuple[int, int, Decimal]) -> tuple[Fraction, Fraction, Fraction]:
    decided, won, amount = period
    return Fraction(decided), Fraction(won, decided), Fraction(amount) / won


def _money(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )
