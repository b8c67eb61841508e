"""Today: who is on the page, in which section, and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Notification
from activities.selectors.today import today_page
from activities.services.reminders import remind
from activities.tasks import remind as remind_task
from core.jobs import Running
from core.models import Job
from customers.models import Customer
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory, CadencePlanFactory, TaskFactory
from tests.factories.customers import ContactFactory, CustomerFactory, MembershipFactory, stage

pytestmark = pytest.mark.usefixtures("clock")
DAY = date(2026, 3, 10)


def lines(user, scope="mine", **options) -> dict[str, list[tuple[str, str]]]:
    page = today_page(user, scope=scope, **options)
    return {
        section.key: [(str(line.customer or line.record), line.why) for line in section.shown]
        for section in page.sections
        if section.total
    }


def test_a_page_with_nothing_says_so(seller) -> None:
    page = today_page(seller, scope="mine")
    assert page.empty
    assert [section.total for section in page.sections] == [0] * 7


def test_each_line_says_why(seller, team) -> None:
    old = NOW - timedelta(days=45)

    def named(name, kind="customer", **values):
        row = CustomerFactory(name=name, owner=seller, team=team, stage=stage(kind), stage_since=old)
        Customer.objects.filter(pk=row.pk).update(created_at=values.pop("created_at", old))
        return row

    TaskFactory(assignee=seller, title="Late", due_on=DAY - timedelta(days=2))
    TaskFactory(assignee=seller, title="Now", due_on=DAY, due_time="15:00")
    TaskFactory(assignee=seller, title="Tomorrow", due_on=DAY + timedelta(days=1))
    wrote = named("Wrote")
    ActivityFactory(customer=wrote, kind="mail", direction="in", at=NOW - timedelta(days=2))
    ActivityFactory(customer=wrote, kind="meeting", at=NOW + timedelta(days=9))
    answered = named("Answered")
    ActivityFactory(customer=answered, kind="mail", direction="in", at=NOW - timedelta(days=2))
    ActivityFactory(customer=answered, kind="call", at=NOW - timedelta(days=1))
    rhythm = named("Rhythm")
    ActivityFactory(customer=rhythm, at=NOW - timedelta(days=40))
    CadencePlanFactory(customer=rhythm, starts_on=DAY - timedelta(days=60))
    named("Fresh lead", "lead", created_at=NOW - timedelta(days=3))
    named("Old lead", "lead")
    touched = named("Touched", "qualified")
    ActivityFactory(customer=touched, at=NOW - timedelta(days=4))
    planned = named("Planned", "opportunity")
    TaskFactory(customer=planned, assignee=seller, due_on=DAY + timedelta(days=3))
    assert lines(seller) == {
        "overdue": [("Late", "2 days late")],
        "due": [("Now", "Due today at 15:00")],
        "replies": [("Wrote", "Waits for an answer for 2 days")],
        "cadence": [("Rhythm", "Every month; last contact 40 days ago")],
        "leads": [("Fresh lead", "New for 3 days, nobody has been in touch")],
        "stalled": [
            ("Touched", "Qualified: no next step is planned"),
            ("Old lead", "Lead: nothing has happened for 45 days"),
        ],
    }


def test_a_manager_sees_the_teams_and_nobody_elses(seller, stranger, manager, team) -> None:
    TaskFactory(assignee=seller, title="Of Mei", due_on=DAY)
    TaskFactory(assignee=stranger, title="Of Sam", due_on=DAY)
    lead = CustomerFactory(name="Lead of Mei", owner=seller, team=team, stage=stage("lead"))
    CustomerFactory(name="Lead of Sam", owner=stranger, team=stranger.team, stage=stage("lead"))
    assert lines(manager) == {}
    assert lines(manager, "team") == {
        "due": [("Of Mei", "Due today")],
        "leads": [("Lead of Mei", "New today, nobody has been in touch")],
    }
    assert today_page(manager, scope="team").sections[1].shown[0].who == seller
    assert lead.owner == seller


def test_messages_since_the_last_visit_are_marked(seller, customer) -> None:
    ActivityFactory(customer=customer, kind="mail", direction="in", at=NOW)
    section = today_page(seller, scope="mine", last_visit=NOW - timedelta(hours=1)).sections[2]
    assert [line.fresh for line in section.shown] == [True]
    section = today_page(seller, scope="mine", last_visit=NOW + timedelta(hours=1)).sections[2]
    assert [line.fresh for line in section.shown] == [False]


def test_a_long_list_is_cut_and_counted(seller) -> None:
    for number in range(52):
        TaskFactory(assignee=seller, due_on=DAY, title=f"{number:02}")
    section = today_page(seller, scope="mine").sections[1]
    assert (section.count, len(section.shown), section.more) == ("50+", 8, 42)


def run_reminders() -> dict:
    job = Job.objects.create(kind="activities.remind", arguments={}, state=Job.State.RUNNING, attempts=1)
    return remind(Running(job))


def test_reminders_come_once_in_the_morning(seller, customer, clock) -> None:
    TaskFactory(assignee=seller, title="Call", due_on=DAY)
    TaskFactory(assignee=seller, title="Late", due_on=DAY - timedelta(days=1))
    CadencePlanFactory(customer=customer, starts_on=DAY)
    clock.move_to("2026-03-10T06:59:00+00:00")
    assert run_reminders()["reminders"] == 0
    clock.move_to("2026-03-10T07:05:00+00:00")
    assert run_reminders()["reminders"] == 2
    assert run_reminders()["reminders"] == 0
    told = Notification.objects.order_by("kind").values_list("user__name", "kind", "params")
    assert list(told) == [("Mei", "cadence", {"customer": "Acme"}), ("Mei", "task_due", {"title": "Call"})]


def test_a_meeting_that_has_taken_place_is_the_last_contact(seller, customer, clock) -> None:
    contact = ContactFactory()
    MembershipFactory(contact=contact, customer=customer)
    at = NOW + timedelta(hours=2)
    ActivityFactory(customer=customer, kind="meeting", at=at, contacts=[contact])
    customer.refresh_from_db()
    assert (customer.last_contacted_at, customer.next_step_on) == (None, DAY)
    clock.move_to(NOW + timedelta(hours=3))
    run_reminders()
    customer.refresh_from_db()
    contact.refresh_from_db()
    assert (customer.last_contacted_at, customer.next_step_on) == (at, None)
    assert contact.last_contacted_at == at


def test_the_hourly_beat_makes_one_job_at_a_time(db) -> None:
    Job.objects.create(kind="activities.remind", arguments={}, key="activities.remind")
    remind_task()
    assert Job.objects.filter(kind="activities.remind").count() == 1
