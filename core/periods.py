"""Months, quarters and years as half-open [start, end) spans of days.

Quarters and years follow the fiscal year: with a start in April the first quarter is April to June,
and the year is named after the calendar year it begins in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from django.utils.formats import date_format
from django.utils.translation import gettext as _

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@total_ordering
@dataclass(frozen=True)
class Period:
    """One span. `end` is the first day after it."""

    kind: str
    start: date
    end: date
    fiscal_start: int = 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.end) < (other.start, other.end)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def previous(self, count: int = 1) -> Period:
        return self.next(-count)

    def next(self, count: int = 1) -> Period:
        start = add_months(self.start, count * MONTHS[self.kind])
        return Period(self.kind, start, add_months(start, MONTHS[self.kind]), self.fiscal_start)

    def months(self) -> list[date]:
        """The first day of each month in it."""
        return [add_months(self.start, n) for n in range(MONTHS[self.kind])]

    @property
    def key(self) -> str:
        """How addresses name it: ``2026-10``, ``2026-q4``, ``2026``."""
        year, part = self._named()
        if self.kind == "month":
            return f"{year:04d}-{part:02d}"
        return f"{year:04d}-q{part}" if self.kind == "quarter" else f"{year:04d}"

    def __str__(self) -> str:
        year, part = self._named()
        if self.kind == "month":
            return date_format(self.start, "YEAR_MONTH_FORMAT")
        if self.kind == "quarter":
            return _("Q%(quarter)d %(year)s") % {"quarter": part, "year": self._year_name(year)}
        return self._year_name(year)

    def _named(self) -> tuple[int, int]:
        """(year, which month or quarter of it)."""
        if self.kind == "month":
            return self.start.year, self.start.month
        year = self.start.year if self.start.month >= self.fiscal_start else self.start.year - 1
        return year, (self.start.month - self.fiscal_start) % 12 // 3 + 1

    def _year_name(self, year: int) -> str:
        return str(year) if self.fiscal_start == 1 else f"{year}/{(year + 1) % 100:02d}"


def period_of(day: date, kind: str, *, fiscal_start: int = 1) -> Period:
    """The month, quarter or year a day is in."""
    first = day.replace(day=1)
    offset = (first.month - fiscal_start) % MONTHS[kind] if kind != "month" else 0
    start = add_months(first, -offset)
    return Period(kind, start, add_months(start, MONTHS[kind]), fiscal_start)


def parse_period(text: str, *, fiscal_start: int = 1) -> Period | None:
    """The period of a key; None for what is none (an address somebody typed)."""
    year, dash, part = text.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 1900 <= int(year) <= 2200):
        return None
    number = part.removeprefix("q")
    if dash and not (number.isascii() and number.isdigit() and len(number) <= 2):
        return None
    if not dash:
        return period_of(date(int(year), fiscal_start, 1), "year", fiscal_start=fiscal_start)
    if part.startswith("q") and 1 <= int(number) <= 4:
        start = add_months(date(int(year), fiscal_start, 1), 3 * (int(number) - 1))
        return period_of(start, "quarter", fiscal_start=fiscal_start)
    if not part.startswith("q") and 1 <= int(number) <= 12:
        return period_of(date(int(year), int(number), 1), "month", fiscal_start=fiscal_start)
    return None


def add_months(first: date, months: int) -> date:
    """The first of a month so many months later."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)
