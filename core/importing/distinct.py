"""Distinct values of columns, counted in bounded memory while rows stream by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

#: Different values of a column that are told apart; beyond, it is no list to review.
LIMIT = 1_000
#: Characters of a value that are kept.
_LENGTH = 200


class ColumnValues:
    """Counts of one column: exact up to the limit, then given up for good."""

    __slots__ = ("_counts", "blank", "filled", "limit", "too_many")

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.too_many = False
        self.blank = 0
        self.filled = 0
        self._counts: Counter[str] = Counter()

    def add(self, value: str) -> None:
        """Count one cell."""
        if not value or value.isspace():
            self.blank += 1
            return
        self.filled += 1
        if self.too_many:
            return
        self._counts[value.strip()[:_LENGTH]] += 1
        if len(self._counts) > self.limit:
            self.too_many = True
            self._counts.clear()

    def most_common(self, count: int | None = None) -> list[tuple[str, int]]:
        """Return values with counts, most frequent first, then by name."""
        ordered = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return ordered[:count]


class DistinctCounter:
    """Counts of the chosen columns of a table."""

    def __init__(self, columns: Iterable[int], limit: int = LIMIT) -> None:
        self.columns = {index: ColumnValues(limit) for index in columns}

    def add(self, values: Sequence[str]) -> None:
        """Count one row."""
        for index, column in self.columns.items():
            column.add(values[index])
