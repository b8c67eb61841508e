"""Every page and act for one's own, a team's and a stranger's records."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import VisibilityRule
from activities.models import Activity, Attachment, CadencePlan, Task
from tests.factories.activities import (
    ActivityFactory,
    AttachmentFactory,
    CadencePlanFactory,
    CalendarLinkFactory,
    TaskFactory,
)
from tests.factories.customers import ContactFactory, CustomerFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def records(seller, customer):
    activity = ActivityFactory(customer=customer, author=seller, subject="Secret call")
    contact = ContactFactory(owner=seller, team=seller.team)
    MembershipFactory(contact=contact, customer=customer)
    return {
        "customer": customer.pk,
        "contact": contact.pk,
        "activity": activity.pk,
        "task": TaskFactory(customer=customer, assignee=seller).pk,
        "plan": CadencePlanFactory(customer=customer).pk,
        "file": AttachmentFactory(customer=customer, actor=seller, activity=activity).pk,
        "link": CalendarLinkFactory(user=seller).pk,
    }


# (name, what it is about, method, data, answer to: owner, colleague, manager, analyst, stranger)
READ, WRITE, NEW = (200, 200, 200, 200, 404), (302, 403, 302, 403, 404), (302, 302, 302, 403, 404)
TABLE = [
    ("timeline", "customer", "get", {}, READ),
    ("planned", "customer", "get", {}, READ),
    ("contact_timeline", "contact", "get", {}, READ),
    ("task_update", "task", "get", {}, READ),
    ("attachment_download", "file", "get", {}, READ),
    ("activity_update", "activity", "get", {}, (200, 403, 200, 403, 404)),
    ("cadence_plan", "customer", "get", {}, (200, 403, 200, 403, 404)),
    ("activity_log", "customer", "post", {"kind": "call", "subject": "x"}, NEW),
    ("contact_log", "contact", "post", {"kind": "call", "subject": "x"}, NEW),
    ("customer_next_step", "customer", "post", {}, NEW),
    ("activity_handled", "activity", "post", {}, WRITE),
    ("activity_delete", "activity", "post", {}, WRITE),
    ("attachment_create", "activity", "post", {}, WRITE),
    ("attachment_delete", "file", "post", {}, WRITE),
    ("task_complete", "task", "post", {}, WRITE),
    ("task_reopen", "task", "post", {}, WRITE),
    ("task_postpone", "task", "post", {"to": "tomorrow"}, WRITE),
    ("task_delete", "task", "post", {}, WRITE),
    ("task_update", "task", "post", {"title": "x", "due_on": "2026-04-01", "version": "1"}, WRITE),
    ("cadence_postpone", "plan", "post", {"to": "week"}, WRITE),
    ("cadence_stop", "plan", "post", {}, WRITE),
    ("calendar_link_revoke", "link", "post", {}, (302, 404, 404, 404, 404)),
]


@pytest.mark.parametrize(
    ("name", "about", "method", "data", "expected"), TABLE, ids=[f"{r[2]} {r[0]}" for r in TABLE]
)
def test_who_may(
    client, records, seller, colleague, manager, analyst, stranger, name, about, method, data, expected
) -> None:
    url = reverse(f"activities:{name}", args=[records[about]])
    answers = []
    # The owner comes last: what they delete is gone for the others.
    for person in (colleague, manager, analyst, stranger, seller):
        before = Activity.objects.count(), Task.objects.count()
        client.force_login(person)
        answer = getattr(client, method)(url, data)
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to its end, a download closes its file
        answers.append(answer.status_code)
        if answers[-1] in (403, 404):
            assert (Activity.objects.count(), Task.objects.count()) == before
        _restore(records)
    assert (answers[-1], *answers[:-1]) == expected


def _restore(records) -> None:
    for model in (Activity, Task, Attachment, CadencePlan):
        model._base_manager.filter(deleted_at__isnull=False).update(deleted_at=None)
    Task.objects.filter(pk=records["task"]).update(done_at=None, done_by=None, version=1)


@pytest.mark.parametrize("row", TABLE, ids=[f"{r[2]} {r[0]}" for r in TABLE])
def test_nothing_without_signing_in(client, records, row) -> None:
    name, about, method, data, _expected = row
    answer = getattr(client, method)(reverse(f"activities:{name}", args=[records[about]]), data)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", ["today", "task_list", "task_create", "activity_list", "activity_create", "cadence_list",
             "calendar_links", "customer_options"],
)  # fmt: skip
def test_pages_of_everyone_show_nothing_of_a_stranger(client, records, stranger, name) -> None:
    assert client.get(reverse(f"activities:{name}")).status_code == 302
    client.force_login(stranger)
    answer = client.get(reverse(f"activities:{name}"), {"q": "Acme", "who": "team"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Secret call" not in text
    assert f"/customers/{records['customer']}/" not in text
    assert ">Acme<" not in text


def test_a_task_of_a_hidden_customer_is_mine_without_its_name(client, stranger, customer) -> None:
    TaskFactory(customer=customer, assignee=stranger, title="Help out", due_on=date(2026, 1, 1))
    client.force_login(stranger)
    for name in ("today", "task_list"):
        text = client.get(reverse(f"activities:{name}")).content.decode()
        assert "Help out" in text
        assert "Acme" not in text


def test_a_customer_of_others_cannot_be_named_in_a_form(client, records, stranger) -> None:
    client.force_login(stranger)
    url = reverse("activities:task_create")
    assert client.get(url, {"customer": records["customer"]}).status_code == 404
    answer = client.post(url, {"title": "x", "due_on": "2026-04-01", "customer": records["customer"]})
    assert answer.status_code == 422
    assert (
        client.get(reverse("activities:activity_create"), {"customer": records["customer"]}).status_code
        == 404
    )
    assert not Task.objects.filter(title="x").exists()


def test_people_of_other_customers_cannot_take_part(client, seller, customer) -> None:
    other = ContactFactory(name="Hidden Person")
    MembershipFactory(contact=other, customer=CustomerFactory())
    client.force_login(seller)
    url = reverse("activities:activity_log", args=[customer.pk])
    answer = client.post(url, {"kind": "call", "contacts": [other.pk]})
    assert answer.status_code == 422
    assert "Hidden Person" not in answer.content.decode()


def test_a_role_that_sees_only_its_own_activities(client, seller, colleague, customer) -> None:
    ActivityFactory(customer=customer, author=seller, subject="Of Mei")
    ActivityFactory(customer=customer, author=colleague, subject="Of Jo")
    VisibilityRule.objects.create(role="sales", kind="activity", view="own", edit="own")
    seen = Activity.objects.visible_to(colleague)
    assert [row.subject for row in seen] == ["Of Jo"]
    assert Activity.objects.visible_to(seller).count() == 2


def test_collaborators_see_and_edit_the_history(seller, stranger, customer) -> None:
    call = ActivityFactory(customer=customer, author=seller)
    customer.collaborators.add(stranger)
    assert Activity.objects.visible_to(stranger).get() == call
    assert Activity.objects.editable_by(stranger).get() == call


def test_what_belongs_to_a_customer_in_the_trash_is_gone_for_all(administrator, customer) -> None:
    ActivityFactory(customer=customer)
    type(customer).objects.filter(pk=customer.pk).update(deleted_at="2026-01-01T00:00:00Z")
    assert not Activity.objects.visible_to(administrator).exists()


def test_fields_nobody_offered_are_not_taken(client, seller, colleague, customer) -> None:
    client.force_login(seller)
    url = reverse("activities:activity_log", args=[customer.pk])
    other = CustomerFactory()
    client.post(
        url,
        {
            "kind": "call",
            "author": colleague.pk,
            "customer": other.pk,
            "handled_at": "2026-01-01",
            "version": "9",
        },
    )
    call = Activity.objects.get()
    assert (call.author, call.customer, call.handled_at, call.version) == (seller, customer, None, 1)
