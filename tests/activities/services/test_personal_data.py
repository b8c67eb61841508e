"""Everything known about a customer and its people can be handed out, and erased for good.

Each text field gets a mark of its own; the marks are then looked for in the export, in every column
of every table of the database, and in every stored file.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import CharField, FileField, Model, TextField
from django.test import Client
from django.urls import reverse

from activities.models import Activity, Attachment, CadencePlan, Task
from core.changes import label_of
from core.models import Change, ChangeSet, ImportRow, ImportRun
from customers.models import Contact, Customer
from customers.services.contacts import update_contact
from customers.services.customers import update_customer
from customers.services.merge import merge_records
from tests.factories import accounts, activities, core, customers, deals

pytestmark = pytest.mark.django_db
MARK = re.compile(r"zq\d{4}x")
# Texts that are not the customer's, or from which nobody is known.
NOT_THEIRS = {
    "text_version",  # of our own consent text
    "file",  # a random path
    "sha256",
    "content_type",
    "number",  # of an order: the books need it
}
DERIVED = {"search_text", "sort_name", "key"}


class Marks:
    """Hands out marks and remembers where each was planted."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def new(self, where: str) -> str:
        mark = f"zq{len(self.planted):04d}x"
        self.planted[mark] = where
        return mark

    def plant(self, row: Model) -> None:
        """Into every free text of a row."""
        values: dict[str, Any] = {}
        for field in row._meta.concrete_fields:
            text = isinstance(field, CharField | TextField) and not isinstance(field, FileField)
            if not text or field.choices or field.name in NOT_THEIRS or (field.max_length or 99) < 7:
                continue
            values[field.name] = self.new(f"{label_of(row)}.{field.name}")
        if hasattr(row, "custom"):
            values["custom"] = {"colour": self.new(f"{label_of(row)}.custom")}
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        row.refresh_from_db()

    def where(self, text: str) -> set[str]:
        return {self.planted[mark] for mark in MARK.findall(text)}


@pytest.fixture
def admin(db):
    return accounts.AdministratorFactory()


@pytest.fixture
def browser(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def media(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    return tmp_path


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def customer(marks, admin, media) -> Customer:
    """A customer with one of everything, a mark in each text."""
    found: Any = customers.CustomerFactory()
    person = customers.ContactFactory(customer=found)
    rows = [
        found,
        person,
        person.memberships.get(),
        customers.ContactMethodFactory(customer=found),
        customers.ContactMethodFactory(contact=person),
        customers.ConsentFactory(customer=found),
        customers.ConsentFactory(contact=person),
        customers.ImportantDateFactory(contact=person),
        customers.RelationFactory(contact=person),
        customers.StageChangeFactory(customer=found),
    ]
    # Edited before, so that the change log holds marks too.
    logged = {"description": marks.new("log of customer"), "campaign": marks.new("log of customer 2")}
    update_customer(found, values=logged, actor=admin, reason=marks.new("reason"))
    update_contact(person, values={"job_title": marks.new("log of contact")}, actor=admin)
    rows += _history(marks, found, person, admin)
    rows += [deals.OrderFactory(customer=found), *deals.OrderFactory(customer=found, lines=1).lines.all()]
    for row in rows:
        marks.plant(row)
    _elsewhere(marks, found, admin)
    return found


def _history(marks: Marks, customer: Customer, person: Contact, admin: Any) -> list[Any]:
    call = activities.ActivityFactory(customer=customer, contacts=[person], users=[admin])
    task = activities.TaskFactory(customer=customer, contact=person, assignee=admin)
    trashed = activities.TaskFactory(customer=customer, assignee=admin)
    Task._base_manager.filter(pk=trashed.pk).update(deleted_at="2026-01-01T00:00Z")
    follow_up = activities.TaskFactory(activity=call, assignee=admin)
    activities.CadencePlanFactory(customer=customer)
    content = marks.new("content of a file").encode()
    files = [
        activities.AttachmentFactory(customer=customer, actor=admin, content=content, **more)
        for more in ({}, {"activity": call})
    ]
    for row in (call, task, files[0]):
        root_model, root_id = row.history_root
        core.ChangeFactory(
            model=label_of(row), object_id=row.pk, before={"x": marks.new(f"log of {label_of(row)}")},
            root_model=root_model, root_id=root_id,
        )  # fmt: skip
    accounts.NotificationFactory(
        params={"name": marks.new("notice of a task")}, url=reverse("activities:task_update", args=[task.pk])
    )
    return [call, task, trashed, follow_up, *files]


def _elsewhere(marks: Marks, customer: Customer, admin: Any) -> None:
    url = customer.get_absolute_url()
    accounts.NotificationFactory(params={"name": marks.new("notice")}, url=f"{url}timeline/")
    run = core.ImportRunFactory(
        state=ImportRun.State.DONE,
        filename=f"{customer.name}.csv",
        reading={"sample": [[customer.name]], "kind": "csv"},
        mapping={"values": {"Name": {"x": customer.name}}},
    )
    run.file.save("x", ContentFile(customer.name.encode()))
    for number, cells in enumerate([[customer.name], ["1", "2"]], start=1):
        core.ImportRowFactory(run=run, number=number, cells=[*cells, marks.new(f"import row {number}")])
    ImportRow.objects.filter(number=1).update(reason=marks.new("reason of a row"))
    ImportRow.objects.filter(number=2).update(match={"url": url, "name": marks.new("match of a row")})
    LogEntry.objects.create(
        user=admin,
        content_type=ContentType.objects.get_for_model(Customer),
        object_id=str(customer.pk),
        object_repr=customer.name,
        action_flag=2,
        change_message=customer.name,
    )


def database_texts() -> Iterator[tuple[str, str]]:
    """Every value of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own tables
            heads = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{head}", str(value)) for head, value in zip(heads, row, strict=True))


def marked_columns() -> set[str]:
    return {place for place, text in database_texts() if MARK.search(text)}


def marked_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file() and MARK.search(path.read_text())]


def exported(browser: Client, record: Any) -> str:
    kind = record._meta.model_name
    answer = browser.get(reverse("customers:personal_export", args=[kind, record.pk]))
    return zipfile.ZipFile(io.BytesIO(answer.content)).read("data.json").decode()


def erase(browser: Client, record: Any) -> None:
    url = reverse("customers:personal_erase", args=[record._meta.model_name, record.pk])
    assert browser.post(url, {"name": record.name}).status_code == 302


def test_the_export_holds_every_text(browser, marks, customer) -> None:
    (person,) = customer.contacts.all()
    text = exported(browser, customer) + exported(browser, person)
    missing = set(marks.planted.values()) - marks.where(text)
    # Files are named with their sizes; they are fetched from the record's page.
    derived = {where for where in missing if where.rpartition(".")[2] in DERIVED}
    assert missing - derived == {"content of a file"}
    assert derived == {
        "customers.customer.search_text", "customers.customer.sort_name",
        "customers.contact.search_text", "customers.contact.sort_name", "customers.contactmethod.key",
    }  # fmt: skip


def test_after_erasing_no_table_and_no_file_holds_a_mark(
    browser, marks, customer, media, django_capture_on_commit_callbacks
) -> None:
    (person,) = customer.contacts.all()
    assert len(marked_columns()) > 40
    assert len(marked_files(media)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        erase(browser, customer)
        erase(browser, person)
    assert marked_columns() == set()
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_what_stays_are_the_figures_and_pages_that_open(browser, marks, customer, admin) -> None:
    total = Activity._base_manager.count(), Task._base_manager.count()
    erase(browser, customer)

    assert (Activity._base_manager.count(), Task._base_manager.count()) == total
    assert (Attachment._base_manager.count(), CadencePlan._base_manager.count()) == (0, 0)
    call = Activity.objects.get()
    assert (call.subject, call.body, call.outcome, str(call)) == ("", "", "", "Call")
    assert set(Task._base_manager.values_list("title", "notes")) == {("Erased", "")}
    orders = customer.orders.order_by("pk")
    assert [(str(row.total), row.channel) for row in orders] == [("10.00", ""), ("10.00", "")]
    assert [str(line.total) for order in orders for line in order.lines.all()] == ["5.00"]
    customer.refresh_from_db()
    assert (customer.next_step, customer.name) == ("Erased", f"Erased {customer.pk}")
    for name, pk in (
        ("customers:customer_detail", customer.pk),
        ("activities:timeline", customer.pk),
        ("activities:planned", customer.pk),
        ("activities:activity_update", call.pk),
        ("customers:record_history", None),
    ):
        args = ["customer", customer.pk] if pk is None else [pk]
        assert browser.get(reverse(name, args=args)).status_code == 200


def test_the_people_of_an_erased_company_stay_until_they_are_erased(browser, customer) -> None:
    (person,) = customer.contacts.all()
    name = person.name
    erase(browser, customer)
    person.refresh_from_db()
    assert person.name == name


def test_erasing_a_contact_forgets_what_was_said_with_them_and_nothing_else(
    browser, admin, media, django_capture_on_commit_callbacks
) -> None:
    company = customers.CustomerFactory(name="Acme")
    person = customers.ContactFactory(customer=company)
    mine = activities.ActivityFactory(customer=company, contacts=[person], subject="About her")
    other = activities.ActivityFactory(customer=company, subject="About the offer")
    activities.TaskFactory(customer=company, contact=person, title="Ask her", assignee=admin)
    activities.TaskFactory(customer=company, title="Send it", assignee=admin)
    gone = activities.AttachmentFactory(customer=company, activity=mine, actor=admin)
    kept = activities.AttachmentFactory(customer=company, activity=other, actor=admin)
    with django_capture_on_commit_callbacks(execute=True):
        erase(browser, person)
    assert dict(Activity.objects.values_list("pk", "subject")) == {mine.pk: "", other.pk: "About the offer"}
    assert sorted(Task.objects.values_list("title", flat=True)) == ["Erased", "Send it"]
    assert list(Attachment.objects.values_list("pk", flat=True)) == [kept.pk]
    assert (media / str(kept.file)).exists()
    assert not (media / str(gone.file)).exists()
    company.refresh_from_db()
    assert company.name == "Acme"


def test_merged_doubles_are_forgotten_with_the_one_they_became(browser, admin) -> None:
    one, two = customers.CustomerFactory(name="Zed One"), customers.CustomerFactory(name="Zed Two")
    activities.ActivityFactory(customer=two, subject="Zed said")
    merge_records(one, [two], take={}, actor=admin)
    erase(browser, one)
    assert {place for place, text in database_texts() if "zed" in text.lower()} == set()


def test_statistics_keep_what_others_have_too(browser) -> None:
    customers.CustomerFactory(industry="Retail", country="France")
    rare = customers.CustomerFactory(industry="Retail", country="Atlantis")
    erase(browser, rare)
    rare.refresh_from_db()
    assert (rare.industry, rare.country) == ("Retail", "")


def test_split_names_in_rows_of_imports_are_found_and_others_left(browser) -> None:
    person = customers.ContactFactory(given_name="Greta", family_name="Zuck", external_id="12")
    run = core.ImportRunFactory()
    for number, cells in enumerate(
        [["Zuck", "Greta"], ["12", "x"], ["Greta", "Other"], ["112", "Zuckerberg"]], start=1
    ):
        core.ImportRowFactory(run=run, number=number, cells=cells)
    erase(browser, person)
    assert list(ImportRow.objects.values_list("number", flat=True)) == [3, 4]


def test_short_names_count_as_whole_cells(browser) -> None:
    person = customers.ContactFactory(given_name="", family_name="", name="王伟")
    run = core.ImportRunFactory()
    for number, cells in enumerate([["王伟", "x"], ["王伟明"]], start=1):
        core.ImportRowFactory(run=run, number=number, cells=cells)
    erase(browser, person)
    assert list(ImportRow.objects.values_list("cells", flat=True)) == [["王伟明"]]


def test_the_reason_of_an_act_on_many_stays_unless_it_names_them(browser, admin) -> None:
    record = customers.CustomerFactory(name="Zeta Ltd")
    for reason in ("Moved house", "Because Zeta Ltd asked"):
        row = core.ChangeSetFactory(kind=ChangeSet.Kind.BULK, reason=reason)
        core.ChangeFactory(change_set=row, object_id=record.pk)
    erase(browser, record)
    kept = ChangeSet.objects.filter(kind="bulk").order_by("pk").values_list("reason", flat=True)
    assert list(kept) == ["Moved house", ""]
    assert not Change.objects.filter(model="customers.customer").exclude(change_set__kind="erase").exists()


def test_an_import_that_is_running_keeps_its_file(browser, media) -> None:
    record = customers.CustomerFactory(name="Zeta Ltd")
    run = core.ImportRunFactory(state=ImportRun.State.RUNNING)
    run.file.save("x", ContentFile(b"Zeta Ltd"))
    core.ImportRowFactory(run=run, cells=["Zeta Ltd"])
    erase(browser, record)
    run.refresh_from_db()
    assert (media / run.file.name).exists()
    assert run.rows.count() == 0


def test_settings_of_the_test_do_not_reach_real_files() -> None:
    assert "guanxi-test-" in str(settings.MEDIA_ROOT)
