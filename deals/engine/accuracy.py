"""How good past forecasts were: what was said so many weeks before a period ended against what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Point:
    """One period as it was forecast `weeks` before its end."""

    period: str
    weeks: int
    forecast: Decimal
    actual: Decimal

    @property
    def error(self) -> Decimal | None:
        """(forecast − actual) ÷ actual; None where nothing came of the period."""
        return (self.forecast - self.actual) / self.actual if self.actual else None


@dataclass(frozen=True)
class Accuracy:
    """Over the periods measured at one distance: `mape` is how far off on average, `bias` in which
    direction (above zero: too much was promised)."""

    weeks: int
    periods: int
    mape: Decimal | None
    bias: Decimal | None


def accuracy(points: Iterable[Point]) -> list[Accuracy]:
    """By distance, the farthest first. Periods in which nothing came have no percentage and are left out."""
    errors: dict[int, list[Decimal]] = {}
    for point in points:
        if point.error is not None:
            errors.setdefault(point.weeks, []).append(point.error)
    return [
        Accuracy(weeks, len(found), mean([abs(error) for error in found]), mean(found))
        for weeks, found in sorted(errors.items(), reverse=True)
    ]


def mean(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None
