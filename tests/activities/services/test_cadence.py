"""Cadence: when the next contact is owed."""

from datetime import date, timedelta

import pytest

from activities.models import CadencePlan
from activities.services.activities import log_activity
from activities.services.cadence import plan_cadence, postpone_cadence, stop_cadence
from core.undo import undo
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("weekly", date(2026, 3, 17)),
        ("fortnightly", date(2026, 3, 24)),
        ("monthly", date(2026, 4, 10)),
        ("quarterly", date(2026, 6, 10)),
        ("half_yearly", date(2026, 9, 10)),
        ("yearly", date(2027, 3, 10)),
    ],
)
def test_one_interval_after_the_last_contact(seller, customer, interval, expected) -> None:
    plan = plan_cadence(customer=customer, interval=interval, actor=seller).record
    assert (plan.last_on, plan.next_on) == (None, date(2026, 3, 10))
    log_activity(customer=customer, kind="call", actor=seller)
    plan.refresh_from_db()
    assert (plan.last_on, plan.next_on) == (date(2026, 3, 10), expected)


def test_an_old_contact_does_not_make_a_new_plan_late(seller, customer) -> None:
    ActivityFactory(customer=customer, at=NOW - timedelta(days=400))
    plan = plan_cadence(customer=customer, interval="weekly", actor=seller).record
    assert plan.next_on == date(2026, 3, 10)


def test_only_the_agreed_channel_counts(seller, customer) -> None:
    plan = plan_cadence(customer=customer, interval="weekly", channel="meeting", actor=seller).record
    log_activity(customer=customer, kind="mail", actor=seller)
    plan.refresh_from_db()
    assert (plan.last_on, plan.next_on) == (None, date(2026, 3, 10))


def test_put_off_once_and_undone(seller, customer) -> None:
    plan = plan_cadence(customer=customer, interval="weekly", actor=seller).record
    done = postpone_cadence(plan=plan, to=date(2026, 3, 13), actor=seller)
    assert plan.next_on == date(2026, 3, 13)
    undo(done.change_set, actor=seller)
    plan.refresh_from_db()
    assert plan.next_on == date(2026, 3, 10)


def test_a_second_plan_changes_the_first_and_a_stopped_one_makes_room(seller, customer) -> None:
    first = plan_cadence(customer=customer, interval="weekly", actor=seller).record
    second = plan_cadence(customer=customer, interval="yearly", actor=seller).record
    assert (first.pk, second.interval) == (second.pk, "yearly")
    stopped = stop_cadence(plan=second, actor=seller)
    third = plan_cadence(customer=customer, interval="monthly", actor=seller).record
    assert third.pk != first.pk
    assert CadencePlan.objects.alive().count() == 1
    assert undo(stopped.change_set, actor=seller)[1].failed == 1
