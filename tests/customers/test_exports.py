"""Exports: what goes out, to whom, harmless in a spreadsheet, and readable again."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.constants import ROLE_ACTS
from core import exports
from core.defuse import fuse
from core.jobs import run
from core.models import ExportLog, Job
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactMethodFactory, CustomerFactory, TagFactory

pytestmark = pytest.mark.django_db
EVIL = ["=1+1", "+49 30", "-x", "@SUM(A1)", "\t=1", "'=1", "plain", "'quoted'", "两 行", 'a "b", c', "＝1"]


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def read_xlsx(response):
    data = b"".join(response.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_the_columns_shown_in_the_order_of_the_list(client):
    client.force_login(AdministratorFactory())
    CustomerFactory(name="Beta", city="Rome")
    CustomerFactory(name="Acme", city="Oslo")
    rows = read(client.get("/customers/export/?columns=name,city&sort=-name"))
    assert rows == [["Name", "City"], ["Beta", "Rome"], ["Acme", "Oslo"]]
    entry = ExportLog.objects.get()
    assert (entry.rows, entry.page, entry.kind) == (2, "customers", "csv")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_the_text_comes_back(client, kind):
    client.force_login(AdministratorFactory())
    for text in EVIL:
        CustomerFactory(name="x", campaign=text)
    response = client.get(f"/customers/export/?columns=name,campaign&format={kind}")
    rows = (read if kind == "csv" else read_xlsx)(response)[1:]
    assert all(not row[1].startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for row in rows)
    assert sorted(fuse(row[1]) for row in rows) == sorted(EVIL)


def test_only_what_the_person_sees_and_filters(client):
    me = UserFactory(team=TeamFactory())
    CustomerFactory(name="Mine", owner=me, country="Italy")
    CustomerFactory(name="Mine too", owner=me)
    CustomerFactory(name="Hidden", team=TeamFactory(), country="Italy")
    client.force_login(me)
    assert read(client.get("/customers/export/?columns=name"))[1:] == [["Mine"], ["Mine too"]]
    assert read(client.get("/customers/export/?columns=name&country=Italy"))[1:] == [["Mine"]]


def test_all_fields_have_the_heads_the_import_knows(client):
    client.force_login(AdministratorFactory())
    customer = CustomerFactory(
        name="Acme", external_id="C1", annual_revenue="12.50", currency="EUR", tags=[TagFactory(name="VIP")]
    )
    ContactMethodFactory(customer=customer, value="info@acme.example", primary=True)
    head, row = read(client.get("/customers/export/?fields=all"))
    found = dict(zip(head, row, strict=True))
    assert found["name"] == "Acme"
    assert found["external_id"] == "C1"
    assert found["annual_revenue"] == "12.50"
    assert found["email"] == "info@acme.example"
    assert found["tags"] == "VIP"


def test_more_rows_than_one_step_come_once_each(client, monkeypatch):
    monkeypatch.setattr(exports, "STEP", 3)
    client.force_login(AdministratorFactory())
    for n in range(10):
        CustomerFactory(name=f"Same {n % 2}")
    rows = read(client.get("/customers/export/?columns=name,created_at&sort=name"))[1:]
    assert [row[0] for row in rows] == ["Same 0"] * 5 + ["Same 1"] * 5


def test_a_person_without_the_right_gets_403(client, monkeypatch):
    monkeypatch.setitem(ROLE_ACTS, "sales", frozenset())
    client.force_login(UserFactory())
    assert client.get("/customers/export/").status_code == 403


def test_a_large_workbook_is_made_in_the_background(client, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(exports, "JOB_FROM", 1)
    me = UserFactory()
    client.force_login(me)
    for name in ("A", "B", "C"):
        CustomerFactory(name=name, owner=me)
    CustomerFactory(name="Hidden")
    with django_capture_on_commit_callbacks(execute=True):
        response = client.get("/customers/export/?columns=name&format=xlsx")
    entry = ExportLog.objects.get()
    assert Job.objects.get().state == "done"
    assert response.url == f"/exports/{entry.pk}/"
    assert client.get(response.url).status_code == 200
    assert read_xlsx(client.get(f"/exports/{entry.pk}/download/")) == [["Name"], ["A"], ["B"], ["C"]]

    client.force_login(AdministratorFactory())
    assert client.get(f"/exports/{entry.pk}/").status_code == 404
    assert client.get(f"/exports/{entry.pk}/download/").status_code == 404

    client.force_login(me)
    ExportLog.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(f"/exports/{entry.pk}/download/").status_code == 404
    assert exports.remove_expired() == 1
    entry.refresh_from_db()
    assert entry.file == ""


def test_a_long_address_is_not_cut_for_the_file_made_in_the_background(client, monkeypatch):
    """A filter lost at the end would put more rows into the file than the list showed."""
    monkeypatch.setattr(exports, "JOB_FROM", 0)
    client.force_login(AdministratorFactory())
    CustomerFactory(name="Wanted", country="Italy")
    CustomerFactory(name="Not wanted")
    columns = ",".join(["name", *(f"no{i:04}" for i in range(400))])
    client.get(f"/customers/export/?columns={columns}&country=Italy&format=xlsx")
    job = Job.objects.get()
    run(job.pk)
    assert ExportLog.objects.get().rows == 1
