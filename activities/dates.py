"""Arithmetic of repeating days; pure functions of their arguments."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def step(start: date, months: int, days: int, count: int) -> date:
    """The day `count` steps after `start`.

    Steps of months keep the day of `start` and fall on the month's last day where it is shorter:
    31 January, 28 February, 31 March.
    """
    if not months:
        return start + timedelta(days=days * count)
    year, month = divmod(start.year * 12 + start.month - 1 + months * count, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def first_after(start: date, months: int, days: int, *, after: date, not_before: date) -> date | None:
    """The first day of the rhythm later than `after` and not before `not_before`; None at the end of time."""
    target = max(after + timedelta(days=1), not_before)
    if months:
        elapsed = (target.year - start.year) * 12 + target.month - start.month
        count = max(elapsed // months - 1, 0)
    else:
        count = max((target - start).days // days - 1, 0)
    try:
        while (found := step(start, months, days, count)) < target:
            count += 1
    except (ValueError, OverflowError):
        return None
    return found
