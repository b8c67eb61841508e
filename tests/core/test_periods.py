"""Months, quarters and years, also where the fiscal year does not begin in January."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import MONTHS, parse_period, period_of

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
KINDS = st.sampled_from(sorted(MONTHS))
STARTS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "kind", "fiscal", "start", "end", "key", "text"),
    [
        (date(2026, 11, 22), "month", 1, date(2026, 11, 1), date(2026, 12, 1), "2026-11", "November 2026"),
        (date(2026, 11, 22), "quarter", 1, date(2026, 10, 1), date(2027, 1, 1), "2026-q4", "Q4 2026"),
        (date(2026, 11, 22), "year", 1, date(2026, 1, 1), date(2027, 1, 1), "2026", "2026"),
        (date(2026, 3, 31), "quarter", 4, date(2026, 1, 1), date(2026, 4, 1), "2025-q4", "Q4 2025/26"),
        (date(2026, 3, 31), "year", 4, date(2025, 4, 1), date(2026, 4, 1), "2025", "2025/26"),
        (date(2028, 2, 29), "month", 7, date(2028, 2, 1), date(2028, 3, 1), "2028-02", "February 2028"),
    ],
)
def test_known_periods(
    day: date, kind: str, fiscal: int, start: date, end: date, key: str, text: str
) -> None:
    period = period_of(day, kind, fiscal_start=fiscal)
    assert (period.start, period.end, period.key, str(period)) == (start, end, key, text)


@given(DAYS, KINDS, STARTS)
def test_a_day_is_in_exactly_one_period(day: date, kind: str, fiscal: int) -> None:
    period = period_of(day, kind, fiscal_start=fiscal)
    assert day in period
    assert day not in period.previous()
    assert day not in period.next()
    assert period.previous().end == period.start
    assert period.next().start == period.end


@given(DAYS, KINDS, STARTS)
def test_the_key_leads_back(day: date, kind: str, fiscal: int) -> None:
    period = period_of(day, kind, fiscal_start=fiscal)
    assert parse_period(period.key, fiscal_start=fiscal) == period


@given(DAYS, KINDS, STARTS, st.integers(-30, 30))
def test_going_there_and_back(day: date, kind: str, fiscal: int, count: int) -> None:
    period = period_of(day, kind, fiscal_start=fiscal)
    assert period.next(count).previous(count) == period
    assert len(period.months()) == MONTHS[kind]
    assert period.last_day + timedelta(days=1) == period.end


@pytest.mark.parametrize(
    "text", ["", "x", "2026-", "2026-13", "2026-0", "2026-q0", "2026-q5", "2026-q", "26", "0000", "9999-01",
             "2026-q1-2", "2026-１", "²026"],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    assert parse_period(text) is None
