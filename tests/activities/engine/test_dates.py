"""Repeating days: closed forms, and what must hold for every day and rhythm."""

from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from activities.constants import REPEAT_STEPS, Repeat
from activities.dates import first_after, step
from activities.models import Task
from activities.selectors.feed import repeat_rule

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
RHYTHMS = st.sampled_from(list(REPEAT_STEPS))


def test_the_last_day_of_a_month_stays_the_last_day_where_months_are_shorter() -> None:
    assert [step(date(2026, 1, 31), 1, 0, n) for n in range(5)] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]
    assert step(date(2024, 1, 31), 1, 0, 1) == date(2024, 2, 29)
    assert step(date(2024, 2, 29), 12, 0, 1) == date(2025, 2, 28)
    assert step(date(2024, 2, 29), 12, 0, 4) == date(2028, 2, 29)


def test_the_next_day_is_after_the_last_one_and_not_before_the_day_it_was_done() -> None:
    start = date(2026, 1, 31)
    assert first_after(start, 1, 0, after=start, not_before=date(2026, 1, 31)) == date(2026, 2, 28)
    assert first_after(start, 1, 0, after=start, not_before=date(2026, 2, 28)) == date(2026, 2, 28)
    assert first_after(start, 1, 0, after=start, not_before=date(2026, 3, 1)) == date(2026, 3, 31)
    assert first_after(start, 0, 1, after=start, not_before=date(2026, 2, 10)) == date(2026, 2, 10)
    assert first_after(date.max, 12, 0, after=date.max - timedelta(days=1), not_before=date.min) == date.max
    assert first_after(date(9999, 6, 1), 12, 0, after=date(9999, 6, 1), not_before=date.min) is None


@given(start=DAYS, repeat=RHYTHMS, late=st.integers(0, 4000))
def test_the_next_day_belongs_to_the_rhythm_and_is_the_first_that_fits(start, repeat, late) -> None:
    months, days = REPEAT_STEPS[repeat]
    done = start + timedelta(days=late)
    found = first_after(start, months, days, after=start, not_before=done)
    every = [step(start, months, days, n) for n in range(4100 if days == 1 else 700)]
    assert found == next(day for day in every if day > start and day >= done)


@given(start=DAYS, repeat=RHYTHMS)
def test_a_calendar_program_expands_the_rule_to_the_same_days(start, repeat) -> None:
    task = Task(title="x", due_on=start, repeat=repeat, repeat_from=start, scheduled_on=start)
    event = Event()
    event.add("rrule", repeat_rule(task))
    text = event["rrule"].to_ical().decode()
    expanded = rrulestr(text, dtstart=datetime(start.year, start.month, start.day))[:14]
    months, days = REPEAT_STEPS[Repeat(repeat)]
    assert [moment.date() for moment in expanded] == [step(start, months, days, n) for n in range(14)]
