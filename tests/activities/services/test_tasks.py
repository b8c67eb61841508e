"""Tasks: done, put off, and repeated exactly once."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from accounts.models import Notification
from activities.models import Task
from activities.services.tasks import (
    complete_task,
    create_task,
    edit_task,
    next_occurrence,
    postpone_task,
    reopen_task,
    trash_task,
)
from core.exceptions import RuleViolation
from core.undo import undo
from tests.activities.conftest import NOW
from tests.factories.activities import TaskFactory
from tests.factories.customers import ContactFactory, MembershipFactory

pytestmark = pytest.mark.usefixtures("clock")


def test_a_task_is_for_its_author_unless_somebody_else_is_named(seller, colleague) -> None:
    mine = create_task(title="Mine", due_on=date(2026, 3, 11), actor=seller).record
    theirs = create_task(title="Theirs", due_on=date(2026, 3, 11), assignee=colleague, actor=seller).record
    assert (mine.assignee, theirs.assignee, theirs.author) == (seller, colleague, seller)
    assert list(Notification.objects.values_list("user", flat=True)) == [colleague.pk]


def test_the_same_form_twice_is_one_task(seller) -> None:
    key = uuid4()
    for _time in range(2):
        create_task(title="Once", due_on=date(2026, 3, 11), actor=seller, form_key=key)
    assert Task.objects.count() == 1


def test_done_twice_is_done_once_and_repeats_once(seller) -> None:
    task = create_task(
        title="Report", due_on=date(2026, 1, 31), repeat="monthly", due_time=time(9), actor=seller
    ).record
    stale = Task.objects.get(pk=task.pk)
    first = complete_task(task=task, actor=seller)
    second = complete_task(task=stale, actor=seller)
    assert (first.record.done_at, first.record.done_by, second.change_set) == (NOW, seller, None)
    following = Task.objects.open().get()
    # Late by five weeks: February's went by, so March's is next, on its own last day.
    assert (following.due_on, following.due_time, following.series) == (
        date(2026, 3, 31),
        time(9),
        task.series,
    )


def test_month_ends_come_back_to_the_31st(seller, clock) -> None:
    task = create_task(title="Close", due_on=date(2026, 1, 31), repeat="monthly", actor=seller).record
    days = []
    for day in ("2026-01-31", "2026-02-28", "2026-03-31"):
        clock.move_to(f"{day}T12:00:00+00:00")
        complete_task(task=task, actor=seller)
        task = Task.objects.open().get()
        days.append(task.due_on)
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_undo_takes_the_next_one_away_and_doing_it_again_brings_one(seller) -> None:
    task = TaskFactory(assignee=seller, due_on=date(2026, 3, 10), repeat="weekly")
    done = complete_task(task=task, actor=seller)
    undo(done.change_set, actor=seller)
    assert Task.objects.alive().open().get().pk == task.pk
    task.refresh_from_db()
    complete_task(task=task, actor=seller)
    assert Task.objects.alive().open().get().due_on == date(2026, 3, 17)


def test_reopened_and_done_again_the_series_goes_on_once(seller) -> None:
    task = TaskFactory(assignee=seller, due_on=date(2026, 3, 10), repeat="weekly")
    complete_task(task=task, actor=seller)
    reopen_task(task=task, actor=seller)
    assert (task.done_at, task.done_by) == (None, None)
    complete_task(task=task, actor=seller)
    assert Task.objects.alive().open().count() == 1


def test_a_series_ends_on_its_last_day(seller) -> None:
    task = create_task(
        title="x", due_on=date(2026, 3, 10), repeat="daily", repeat_until=date(2026, 3, 11), actor=seller
    ).record
    complete_task(task=task, actor=seller)
    last = Task.objects.open().get()
    assert last.due_on == date(2026, 3, 11)
    complete_task(task=last, actor=seller)
    assert not Task.objects.open().exists()


def test_put_off_keeps_the_rhythm_and_done_early_skips_nothing_twice(seller) -> None:
    task = TaskFactory(assignee=seller, due_on=date(2026, 3, 9), repeat="weekly")
    postpone_task(task=task, due_on=date(2026, 3, 11), actor=seller)
    assert next_occurrence(task, done_on=date(2026, 3, 11)).due_on == date(2026, 3, 16)
    edit = postpone_task(task=task, due_on=date(2026, 3, 6), actor=seller)
    assert next_occurrence(task, done_on=date(2026, 3, 6)).due_on == date(2026, 3, 16)
    undo(edit.change_set, actor=seller)
    task.refresh_from_db()
    assert task.due_on == date(2026, 3, 11)


def test_a_new_day_in_the_form_starts_the_rhythm_anew(seller) -> None:
    task = TaskFactory(assignee=seller, due_on=date(2026, 3, 9), repeat="weekly")
    series = task.series
    edit_task(task=task, values={"due_on": date(2026, 3, 12)}, actor=seller)
    assert (task.repeat_from, task.scheduled_on) == (date(2026, 3, 12), date(2026, 3, 12))
    assert task.series != series
    edit_task(task=task, values={"repeat": "none", "repeat_until": date(2027, 1, 1)}, actor=seller)
    assert task.repeat_until is None
    complete_task(task=task, actor=seller)
    assert not Task.objects.open().exists()


def test_a_done_task_is_not_put_off_and_a_trashed_one_not_done(seller) -> None:
    task = TaskFactory(assignee=seller)
    complete_task(task=task, actor=seller)
    with pytest.raises(RuleViolation):
        postpone_task(task=task, due_on=date(2026, 4, 1), actor=seller)
    other = TaskFactory(assignee=seller, repeat="daily")
    trash_task(task=other, actor=seller)
    assert complete_task(task=other, actor=seller).change_set is None
    assert not Task.objects.alive().open().exists()


def test_who_does_it_must_see_the_customer_and_still_work_here(seller, stranger, customer) -> None:
    with pytest.raises(RuleViolation) as refused:
        create_task(title="x", due_on=date(2026, 4, 1), assignee=stranger, customer=customer, actor=seller)
    assert refused.value.field == "assignee"
    stranger.is_active = False
    with pytest.raises(RuleViolation):
        create_task(title="x", due_on=date(2026, 4, 1), assignee=stranger, actor=seller)


def test_the_contact_belongs_to_the_customer(seller, customer) -> None:
    contact = ContactFactory()
    with pytest.raises(RuleViolation):
        create_task(title="x", due_on=date(2026, 4, 1), customer=customer, contact=contact, actor=seller)
    MembershipFactory(contact=contact, customer=customer)
    task = create_task(
        title="x", due_on=date(2026, 4, 1), customer=customer, contact=contact, actor=seller
    ).record
    assert task.contact == contact
    assert NOW - timedelta(days=0) == task.created_at
