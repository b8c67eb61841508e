"""Logging: what is written, what follows from it, and what Undo takes back."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Notification
from activities.models import Activity, Attachment, Task
from activities.services.activities import (
    NextStep,
    edit_activity,
    log_activity,
    needs_no_answer,
    trash_activity,
)
from activities.services.tasks import complete_task
from core.changes import change_set
from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet
from core.undo import undo
from customers.models import Customer
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory, CadencePlanFactory, TaskFactory
from tests.factories.customers import ContactFactory, CustomerFactory, MembershipFactory

pytestmark = pytest.mark.usefixtures("clock")


def owned(customer: Customer) -> tuple:
    customer.refresh_from_db()
    return customer.last_contacted_at, customer.next_step, customer.next_step_on


def test_one_act_writes_the_call_the_next_step_and_what_the_customer_shows(seller, customer) -> None:
    plan = CadencePlanFactory(customer=customer)
    done = log_activity(
        customer=customer,
        kind="call",
        subject="Offer",
        actor=seller,
        at=NOW - timedelta(hours=1),
        next_step=NextStep("Send the contract", date(2026, 3, 12)),
    )
    task = Task.objects.get()
    assert (task.title, task.due_on, task.assignee, task.activity) == (
        "Send the contract",
        date(2026, 3, 12),
        seller,
        done.record,
    )
    assert owned(customer) == (NOW - timedelta(hours=1), "Send the contract", date(2026, 3, 12))
    plan.refresh_from_db()
    assert (plan.last_on, plan.next_on) == (date(2026, 3, 10), date(2026, 4, 10))
    assert done.change_set == done.record.origin == task.origin
    assert customer.version == 1


def test_undo_takes_back_the_call_its_step_and_what_followed_from_them(seller, customer) -> None:
    ActivityFactory(customer=customer, at=NOW - timedelta(days=9))
    before = owned(customer)
    done = log_activity(
        customer=customer, kind="mail", actor=seller, next_step=NextStep("Call", date(2026, 3, 11))
    )
    undo(done.change_set, actor=seller)
    assert owned(customer) == before == (NOW - timedelta(days=9), "", None)
    assert not Task.objects.alive().exists()


def test_a_note_is_no_contact_and_says_something(seller, customer) -> None:
    log_activity(customer=customer, kind="note", body="Likes tea", direction="in", actor=seller)
    assert owned(customer)[0] is None
    assert Activity.objects.get().direction == "none"
    with pytest.raises(RuleViolation) as refused:
        log_activity(customer=customer, kind="note", body=" ", actor=seller)
    assert refused.value.field == "subject"


def test_only_a_meeting_lies_ahead_and_then_it_is_the_next_step(seller, customer) -> None:
    with pytest.raises(RuleViolation) as refused:
        log_activity(customer=customer, kind="call", actor=seller, at=NOW + timedelta(days=1))
    assert refused.value.field == "at"
    log_activity(customer=customer, kind="meeting", subject="Visit", actor=seller, at=NOW + timedelta(days=1))
    assert owned(customer) == (None, "Visit", date(2026, 3, 11))


def test_the_same_form_twice_is_one_activity(seller, customer) -> None:
    key = uuid4()
    first, second = (
        log_activity(customer=customer, kind="call", actor=seller, form_key=key) for _time in range(2)
    )
    assert first == second
    assert Activity.objects.count() == 1


def test_a_form_sent_again_after_undo_counts(seller, customer) -> None:
    key = uuid4()
    first = log_activity(customer=customer, kind="call", actor=seller, form_key=key)
    undo(first.change_set, actor=seller)
    log_activity(customer=customer, kind="call", actor=seller, form_key=key)
    assert Activity.objects.alive().count() == 1


def test_people_who_take_part_belong_to_the_customer(seller, customer) -> None:
    inside, outside = ContactFactory(), ContactFactory()
    MembershipFactory(contact=inside, customer=customer)
    with pytest.raises(RuleViolation) as refused:
        log_activity(customer=customer, kind="call", actor=seller, contacts=[inside, outside])
    assert refused.value.field == "contacts"
    assert not Activity.objects.exists()
    log_activity(customer=customer, kind="call", actor=seller, contacts=[inside])
    inside.refresh_from_db()
    assert inside.last_contacted_at == NOW


def test_a_person_taken_out_is_no_longer_contacted_and_undo_puts_them_back(seller, customer) -> None:
    contact = ContactFactory()
    MembershipFactory(contact=contact, customer=customer)
    call = log_activity(customer=customer, kind="call", actor=seller, contacts=[contact]).record
    edited = edit_activity(activity=call, values={"contacts": []}, actor=seller)
    contact.refresh_from_db()
    assert contact.last_contacted_at is None
    undo(edited.change_set, actor=seller)
    contact.refresh_from_db()
    assert contact.last_contacted_at == NOW


def test_work_is_not_given_to_people_who_may_not_see_the_customer(seller, customer, stranger) -> None:
    with pytest.raises(RuleViolation) as refused:
        log_activity(
            customer=customer,
            kind="call",
            actor=seller,
            next_step=NextStep("Call", date(2026, 3, 11), assignee=stranger),
        )
    assert refused.value.field == "next_assignee"
    assert not Activity.objects.exists()


def test_the_one_who_gets_the_next_step_is_told_once(seller, colleague, customer) -> None:
    step = NextStep("Call", date(2026, 3, 11), assignee=colleague)
    log_activity(customer=customer, kind="call", actor=seller, next_step=step)
    told = Notification.objects.get()
    assert (told.user, told.kind, told.params) == (colleague, "assigned", {"actor": "Mei", "title": "Call"})


def test_an_edit_changes_the_last_contact_and_refuses_a_stale_form(seller, customer) -> None:
    call = ActivityFactory(customer=customer, at=NOW - timedelta(days=2))
    edit_activity(activity=call, values={"at": NOW - timedelta(days=5)}, actor=seller, expected_version=1)
    assert owned(customer)[0] == NOW - timedelta(days=5)
    with pytest.raises(StaleRecord):
        edit_activity(activity=call, values={"subject": "x"}, actor=seller, expected_version=1)


def test_the_trash_takes_the_files_along_and_undo_brings_all_back(seller, customer) -> None:
    file = SimpleUploadedFile("offer.pdf", b"%PDF-1.7")
    call = log_activity(customer=customer, kind="mail", actor=seller, files=[file]).record
    gone = trash_activity(activity=call, actor=seller)
    assert not Attachment.objects.alive().exists()
    assert owned(customer)[0] is None
    undo(gone.change_set, actor=seller)
    assert Attachment.objects.alive().count() == 1
    assert owned(customer)[0] == NOW


def test_a_refused_file_leaves_nothing_behind(seller, customer) -> None:
    files = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.exe", b"MZ")]
    folders = default_storage.listdir("attachments")[0] if default_storage.exists("attachments") else []
    before = {name for folder in folders for name in default_storage.listdir(f"attachments/{folder}")[1]}
    with pytest.raises(RuleViolation):
        log_activity(customer=customer, kind="mail", actor=seller, files=files)
    after = {
        name
        for folder in default_storage.listdir("attachments")[0]
        for name in default_storage.listdir(f"attachments/{folder}")[1]
    }
    assert (Activity.objects.count(), after) == (0, before)


def test_a_message_marked_as_needing_no_answer_once(seller, customer) -> None:
    mail = ActivityFactory(customer=customer, kind="mail", direction="in")
    first = needs_no_answer(activity=mail, actor=seller)
    assert mail.handled_at == NOW
    assert needs_no_answer(activity=mail, actor=seller).change_set is None
    undo(first.change_set, actor=seller)
    mail.refresh_from_db()
    assert mail.handled_at is None


def test_the_earliest_open_task_is_the_next_step(seller, customer) -> None:
    first = TaskFactory(customer=customer, due_on=date(2026, 3, 20), title="Later")
    TaskFactory(customer=customer, due_on=date(2026, 3, 20), title="At nine", due_time="09:00")
    assert owned(customer)[1] == "At nine"
    soon = TaskFactory(customer=customer, due_on=date(2026, 3, 15), title="Soon")
    assert owned(customer)[1:] == ("Soon", date(2026, 3, 15))
    complete_task(task=soon, actor=seller)
    assert owned(customer)[1] == "At nine"
    assert first.customer == customer


def test_moving_an_activity_and_moving_it_back_keeps_both_customers_right(seller, customer) -> None:
    other = CustomerFactory(owner=seller)
    call = ActivityFactory(customer=customer)
    with change_set(kind=ChangeSet.Kind.MERGE, actor=seller) as log:
        log.update_queryset(Activity.objects.filter(pk=call.pk), {"customer": other})
    assert (owned(customer)[0], owned(other)[0]) == (None, NOW)
    undo(log.row, actor=seller)
    assert (owned(customer)[0], owned(other)[0]) == (NOW, None)


def test_an_import_taken_back_leaves_the_customer_as_it_was(seller, customer) -> None:
    ActivityFactory(customer=customer, at=NOW - timedelta(days=3))
    before = owned(customer)
    with change_set(kind=ChangeSet.Kind.IMPORT, actor=seller) as log:
        log.bulk_create([Activity(customer=customer, kind="call", at=NOW, subject=str(n)) for n in range(3)])
        log.bulk_create([Task(customer=customer, title="x", assignee=seller, due_on=date(2026, 4, 1))])
    assert owned(customer) == (NOW, "x", date(2026, 4, 1))
    undo(log.row, actor=seller)
    assert owned(customer) == before
    assert Activity.objects.count() == 1


def test_microseconds_and_both_hours_of_a_clock_change_survive(seller, customer) -> None:
    at = datetime(2025, 10, 26, 1, 30, 0, 123456, tzinfo=UTC)  # the second 02:30 in Berlin
    call = ActivityFactory(customer=customer, at=at)
    edited = edit_activity(activity=call, values={"at": NOW}, actor=seller)
    undo(edited.change_set, actor=seller)
    call.refresh_from_db()
    assert call.at == at
    assert timezone.now() == NOW
