"""What the pages do: logging, ticking off, putting off, and the number of queries they cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Attachment, CadencePlan, Task
from core.models import ChangeSet
from tests.activities.conftest import NOW
from tests.factories.activities import ActivityFactory, AttachmentFactory, CadencePlanFactory, TaskFactory
from tests.factories.customers import ContactFactory, CustomerFactory, MembershipFactory, stage

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/customers/1/?tab=history"}


@pytest.fixture
def mei(client, seller):
    client.force_login(seller)
    return client


def address(name, *args):
    return reverse(f"activities:{name}", args=args)


def test_the_composer_logs_and_plans_and_offers_undo(mei, seller, customer) -> None:
    contact = ContactFactory(owner=seller)
    MembershipFactory(contact=contact, customer=customer)
    answer = mei.post(
        address("activity_log", customer.pk),
        {
            "kind": "call",
            "subject": "Offer",
            "body": "They agreed",
            "contacts": [contact.pk],
            "next_title": "Send it",
            "next_due_on": "2026-12-01",
            "files": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")],
            "next": "/tasks/",
        },
        follow=True,
    )
    assert answer.redirect_chain == [("/tasks/", 302)]
    call = Activity.objects.get()
    assert (call.contacts.get(), call.author, call.next_steps.get().title) == (contact, seller, "Send it")
    assert Attachment.objects.count() == 2
    undo = reverse("core:change_set_undo", args=[call.origin_id])
    assert f'action="{undo}"' in answer.content.decode()
    undone = mei.post(undo, headers={"Referer": f"http://testserver{customer.get_absolute_url()}"})
    assert undone["Location"] == f"http://testserver{customer.get_absolute_url()}"
    assert not Activity.objects.alive().exists()
    assert not Task.objects.alive().exists()
    assert not Attachment.objects.alive().exists()


def test_a_contact_has_a_composer_for_each_of_their_companies(mei, seller, customer) -> None:
    contact, other = ContactFactory(owner=seller), CustomerFactory(owner=seller)
    hidden = CustomerFactory(name="Hidden")
    page = address("contact_timeline", contact.pk)
    assert mei.get(page).context["form"] is None
    MembershipFactory(contact=contact, customer=hidden)
    assert mei.post(address("contact_log", contact.pk), {"kind": "note"}).status_code == 422
    MembershipFactory(contact=contact, customer=customer)
    MembershipFactory(contact=contact, customer=other, primary=True)
    form = mei.get(page).context["form"]
    assert [pk for pk, _name in form["about"].field.widget.choices] == [other.pk, customer.pk]
    data = {"kind": "call", "subject": "Offer", "next_title": "Send it", "next_due_on": "2026-12-01"}
    answer = mei.post(address("contact_log", contact.pk), data | {"about": customer.pk}, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, "activities-changed")
    assert "Offer" in answer.content.decode()
    call = Activity.objects.get()
    assert (call.customer, call.contacts.get(), call.next_steps.get().title) == (customer, contact, "Send it")
    for refused in (hidden.pk, "", "x"):
        assert mei.post(address("contact_log", contact.pk), data | {"about": refused}).status_code == 422
    assert Activity.objects.count() == 1


def test_a_form_sent_twice_logs_once(mei, customer) -> None:
    data = {"kind": "call", "subject": "Once", "form_key": str(uuid4())}
    for _time in range(2):
        assert mei.post(address("activity_log", customer.pk), data).status_code == 302
    assert Activity.objects.count() == 1


def test_by_htmx_the_panel_comes_back_with_what_was_logged(mei, customer) -> None:
    answer = mei.post(
        address("activity_log", customer.pk), {"kind": "note", "body": "<b>Tea</b>"}, headers=HTMX
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "activities-changed"
    assert "HX-Request" in answer["Vary"]
    assert "<html" not in text
    assert "&lt;b&gt;Tea&lt;/b&gt;" in text
    assert "<b>Tea" not in text
    assert 'name="next" value="/customers/1/?tab=history"' in text


def test_what_is_refused_stays_in_the_form(mei, customer) -> None:
    url = address("activity_log", customer.pk)
    cases = [
        ({"kind": "note"}, "Write something in the note."),
        ({"kind": "call", "next_title": "Call again"}, "By when?"),
        ({"kind": "call", "next_due_on": "2026-04-01"}, "What is to be done that day?"),
        ({"kind": "call", "at": "2999-01-01T10:00", "subject": "Typed text"}, "Only a meeting can lie"),
        ({"kind": "fax"}, "Select a valid choice"),
    ]
    for data, message in cases:
        answer = mei.post(url, data)
        assert answer.status_code == 422
        assert message in answer.content.decode()
    assert "Typed text" in mei.post(url, cases[3][0]).content.decode()
    # The summary names the field so that it can be found: "On" alone said nothing.
    assert ">Next step on</a>: By when?" in mei.post(url, cases[1][0]).content.decode()
    assert not Activity.objects.exists()


def test_history_is_in_order_by_days_and_pages_without_gap_or_double(mei, seller, customer) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for n in range(30):
        # Three at the same moment: the order must still be one.
        ActivityFactory(customer=customer, subject=f"call-{n:02}", at=start + timedelta(hours=n // 3))
    TaskFactory(customer=customer, assignee=seller, title="task-done", done_at=start + timedelta(hours=4))
    url = address("timeline", customer.pk)
    seen = []
    before = ""
    for _page in range(5):
        timeline = mei.get(url, {"before": before}).context["timeline"]
        seen += [entry for day in timeline.days for entry in day.entries]
        before = timeline.older
        if not before:
            break
    keys = [entry.key for entry in seen]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys) == 31
    only = mei.get(url, {"kind": "task"}).context["timeline"]
    assert [e.record.title for day in only.days for e in day.entries] == ["task-done"]
    for broken in ("x", "2026~1~1", "2026-03-01T00:00:00+00:00~a~1", "2026-13-01T00:00:00+00:00~1~1", "~~"):
        assert mei.get(url, {"before": broken}).status_code == 200


def test_days_are_days_of_the_reader(mei, seller, customer) -> None:
    ActivityFactory(customer=customer, at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC), subject="before two")
    ActivityFactory(customer=customer, at=datetime(2026, 3, 28, 23, 30, tzinfo=UTC), subject="after midnight")
    ActivityFactory(customer=customer, at=datetime(2026, 3, 29, 22, 30, tzinfo=UTC), subject="next day")
    seller.time_zone = "Europe/Berlin"  # clocks go forward on 29 March
    seller.save()
    days = mei.get(address("timeline", customer.pk)).context["timeline"].days
    assert [(day.on, [e.record.subject for e in day.entries]) for day in days] == [
        (date(2026, 3, 30), ["next day"]),
        (date(2026, 3, 29), ["before two", "after midnight"]),
    ]


def test_an_edit_leaves_a_moment_alone_that_nobody_touched(mei, seller, customer) -> None:
    seller.time_zone = "Europe/Berlin"
    seller.save()
    second_half_past_two = datetime(2025, 10, 26, 1, 30, 17, 5, tzinfo=UTC)
    call = ActivityFactory(customer=customer, at=second_half_past_two, author=seller)
    url = address("activity_update", call.pk)
    shown = "2025-10-26T02:30"
    assert f'value="{shown}"' in mei.get(url).content.decode()
    data = {"kind": "call", "subject": "New", "at": shown, "direction": "out", "version": "1"}
    assert mei.post(url, data).status_code == 302
    call.refresh_from_db()
    assert (call.subject, call.at) == ("New", second_half_past_two)


def test_two_people_at_once_see_both_versions(mei, seller, customer) -> None:
    call = ActivityFactory(customer=customer, author=seller, subject="Original")
    url = address("activity_update", call.pk)
    data = {"kind": "call", "at": "2026-03-01T10:00", "direction": "out", "version": "1"}
    assert mei.post(url, {**data, "subject": "Theirs"}).status_code == 302
    answer = mei.post(url, {**data, "subject": "Mine"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Theirs" in text
    assert "Mine" in text
    call.refresh_from_db()
    assert call.subject == "Theirs"


def test_done_by_one_click_twice(mei, seller) -> None:
    task = TaskFactory(assignee=seller, repeat="weekly")
    for _time in range(2):
        assert mei.post(address("task_complete", task.pk)).status_code == 302
    assert Task.objects.open().count() == 1
    assert Task.objects.done().count() == 1


def test_no_act_by_a_link(mei, seller, customer) -> None:
    task = TaskFactory(assignee=seller)
    for name in ("task_complete", "task_delete", "task_postpone", "task_reopen"):
        assert mei.get(address(name, task.pk)).status_code == 405


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "\\\\evil.example", "javascript:x"]
)
def test_after_an_act_one_stays_on_this_site(mei, seller, target) -> None:
    task = TaskFactory(assignee=seller)
    answer = mei.post(address("task_complete", task.pk), {"next": target})
    assert answer["Location"] == "/tasks/"


def test_tasks_by_tab_scope_and_filter(client, clock, seller, colleague, manager) -> None:
    day = date(2026, 3, 10)
    for person in (seller, colleague):
        for offset in (-1, 0, 1):
            TaskFactory(assignee=person, due_on=day + timedelta(days=offset), title=f"{person.name} {offset}")
    client.force_login(seller)
    url = address("task_list")

    def titles(**query):
        return [task.title for task in client.get(url, query).context["page"].object_list]

    assert titles() == ["Mei -1", "Mei 0", "Mei 1"]
    assert titles(when="overdue") == ["Mei -1"]
    assert titles(when="today") == ["Mei 0"]
    assert titles(when="upcoming") == ["Mei 1"]
    assert titles(when="done") == []
    assert titles(q="1") == ["Mei -1", "Mei 1"]
    assert titles(who="team") == ["Mei -1", "Mei 0", "Mei 1"]  # a seller leads nobody
    client.force_login(manager)
    assert titles() == []
    assert len(titles(who="team")) == 6
    assert titles(who="team", person=str(colleague.pk)) == ["Jo -1", "Jo 0", "Jo 1"]
    for broken in ({"page": "x"}, {"person": "1 OR 1=1"}, {"priority": "9"}, {"when": "'"}, {"q": "\0%_"}):
        assert client.get(url, broken).status_code == 200


def test_put_off_from_today_and_undone(mei, clock, seller) -> None:
    task = TaskFactory(assignee=seller)
    mei.post(address("task_postpone", task.pk), {"to": "tomorrow"})
    task.refresh_from_db()
    assert task.due_on == date(2026, 3, 11)
    mei.post(address("task_postpone", task.pk), {"to": "week"})
    task.refresh_from_db()
    assert task.due_on == date(2026, 3, 17)
    mei.post(reverse("core:change_set_undo", args=[ChangeSet.objects.latest("pk").pk]))
    task.refresh_from_db()
    assert task.due_on == date(2026, 3, 11)


def test_a_task_from_its_form(mei, seller, customer) -> None:
    data = {
        "title": "Renewal", "due_on": "2026-01-31", "due_time": "09:30", "customer": customer.pk,
        "repeat": "monthly", "repeat_until": "2026-12-31", "priority": "3",
    }  # fmt: skip
    assert mei.post(address("task_create"), data).status_code == 302
    task = Task.objects.get()
    assert (task.assignee, task.customer, task.repeat_from, task.priority) == (
        seller,
        customer,
        date(2026, 1, 31),
        3,
    )
    wrong = mei.post(address("task_create"), {**data, "repeat_until": "2025-01-01"})
    assert wrong.status_code == 422
    assert "The last day comes before the first." in wrong.content.decode()


def test_a_cadence_from_its_form(mei, clock, customer) -> None:
    url = address("cadence_plan", customer.pk)
    assert (
        mei.post(url, {"interval": "monthly", "channel": "call", "starts_on": "2026-03-20"}).status_code
        == 302
    )
    plan = CadencePlan.objects.get()
    assert (plan.interval, plan.next_on) == ("monthly", date(2026, 3, 20))
    assert (
        mei.post(
            url, {"interval": "weekly", "channel": "", "starts_on": "2026-03-20", "version": "1"}
        ).status_code
        == 302
    )
    plan.refresh_from_db()
    assert (plan.interval, plan.channel, plan.version) == ("weekly", "", 2)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("page.html", "application/octet-stream"),
        ("x.svg", "application/octet-stream"),
        ("a.png", "image/png"),
    ],
)
def test_a_download_is_nothing_but_a_download(mei, seller, customer, name, content_type) -> None:
    file = AttachmentFactory(
        customer=customer, actor=seller, file_name=name, content=b"<script>alert(1)</script>"
    )
    answer = mei.get(address("attachment_download", file.pk))
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


def test_a_wrong_file_is_refused_in_words(mei, customer, settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 3
    url = address("activity_log", customer.pk)
    for name, content, message in (
        ("a.exe", b"MZ", "Files of this kind are not kept"),
        ("a.txt", b"long", "The file is larger than"),
        ("a.txt", b"", "The file is empty"),
    ):
        answer = mei.post(url, {"kind": "call", "files": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert message in answer.content.decode()
    many = [SimpleUploadedFile(f"{n}.txt", b"a") for n in range(6)]
    assert mei.post(url, {"kind": "call", "files": many}).status_code == 422
    assert not Attachment.objects.exists()


PAGES = ["today", "task_list", "activity_list", "cadence_list", "calendar_links", "activity_create"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["mine", "team"])
def test_pages_cost_the_same_queries_for_one_row_and_for_three(
    client, clock, seller, manager, name, who
) -> None:
    person = manager if who == "team" else seller
    client.force_login(person)
    url = address(name)
    _fill(person)
    counts = []
    for _more in range(2):
        client.get(url, {"who": who, "when": "all"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url, {"who": who, "when": "all"}).status_code == 200
        counts.append(len(queries))
        _fill(person)
        _fill(person)
    assert counts[0] == counts[1]
    assert counts[0] <= 16


def _fill(person) -> None:
    customer = CustomerFactory(owner=person, team=person.team)
    contact = ContactFactory(owner=person)
    MembershipFactory(contact=contact, customer=customer)
    ActivityFactory(customer=customer, author=person, contacts=[contact], users=[person])
    ActivityFactory(
        customer=customer, author=person, direction="in", at=NOW - timedelta(minutes=1), kind="mail"
    )
    TaskFactory(customer=customer, assignee=person, due_on=date(2026, 3, 1))
    TaskFactory(customer=customer, assignee=person, due_on=date(2026, 3, 10))
    CadencePlanFactory(customer=customer)
    CustomerFactory(owner=person, team=person.team, stage=stage("opportunity"))
    CustomerFactory(owner=person, team=person.team)


def test_the_history_costs_the_same_for_one_and_for_three(mei, clock, seller, customer) -> None:
    counts = []
    for number in (1, 2):
        for _row in range(number):
            contact = ContactFactory(owner=seller)
            MembershipFactory(contact=contact, customer=customer)
            call = ActivityFactory(customer=customer, author=seller, contacts=[contact], users=[seller])
            AttachmentFactory(customer=customer, actor=seller, activity=call)
            TaskFactory(customer=customer, assignee=seller, done_at=NOW, done_by=seller)
            TaskFactory(customer=customer, assignee=seller)
        mei.get(address("timeline", customer.pk))
        with CaptureQueriesContext(connection) as queries:
            assert mei.get(address("timeline", customer.pk), headers=HTMX).status_code == 200
            assert mei.get(address("planned", customer.pk), headers=HTMX).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert timezone.now() == NOW
