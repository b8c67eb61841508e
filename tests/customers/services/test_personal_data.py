"""Handing out and erasing personal data."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from core.models import Change, ChangeSet, ImportRow, ImportRun
from customers.models import Contact, ContactMethod
from customers.services.contacts import update_contact
from customers.services.merge import merge_records
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return AdministratorFactory()


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def person(admin):
    contact = ContactFactory(given_name="Greta", family_name="Zuckmayer", description="Likes tea")
    ContactMethodFactory(contact=contact, value="greta@zuck.test")
    ContactMethodFactory(contact=contact, kind="chat", value="=HYPERLINK(1)")
    update_contact(contact, values={"job_title": "Poet"}, actor=admin)
    return contact


def test_the_export_holds_everything_and_no_formulas(client, person):
    response = client.get(reverse("customers:personal_export", args=["contact", person.pk]))
    package = zipfile.ZipFile(io.BytesIO(response.content))
    data = json.loads(package.read("data.json"))
    assert data["record"][0]["name"] == "Greta Zuckmayer"
    assert [row["value"] for row in data["methods"]] == ["greta@zuck.test", "=HYPERLINK(1)"]
    assert data["changes"][0]["after"] == {"job_title": "Poet"}
    assert "'=HYPERLINK(1)" in package.read("methods.csv").decode("utf-8-sig")


def test_only_administrators(person):
    client = Client()
    client.force_login(UserFactory(role="manager"))
    for name in ("personal_export", "personal_erase"):
        assert client.get(reverse(f"customers:{name}", args=["contact", person.pk])).status_code in (403, 404)


def everything_stored() -> str:
    rows = []
    for model in (Contact, ContactMethod, Change, ChangeSet, ImportRow):
        rows += [str(row) for row in model._base_manager.values()]
    return "\n".join(rows)


def test_erasure_leaves_no_trace_of_the_person(client, admin, person):
    double = ContactFactory(given_name="Greta", family_name="Zuckmayer-Alt")
    merge_records(person, [double], take={}, actor=admin)
    run = ImportRun.objects.create(target="contacts", filename="x.csv", token="t", created_by=admin)
    ImportRow.objects.create(run=run, number=1, outcome="skip", reason="", cells=["Greta Zuckmayer", "x"])
    ImportRow.objects.create(run=run, number=2, outcome="skip", reason="", cells=["Somebody else"])
    url = reverse("customers:personal_erase", args=["contact", person.pk])

    assert client.post(url, {"name": "Wrong"}).status_code == 422
    assert client.post(url, {"name": "Greta Zuckmayer"}).status_code == 302

    left = everything_stored()
    for word in ("Greta", "Zuckmayer", "zuck.test", "Likes tea", "Poet"):
        assert word.lower() not in left.lower(), word
    assert ImportRow.objects.count() == 1
    row = ChangeSet.objects.get(kind="erase")
    assert client.post(reverse("core:change_set_undo", args=[row.pk])).status_code == 403
    person.refresh_from_db()
    assert person.name == f"Erased {person.pk}"
    assert client.get(person.get_absolute_url()).status_code == 200


def test_customers_can_be_erased_too(client):
    customer = CustomerFactory(kind="person", name="Ada Byron", given_name="Ada", family_name="Byron")
    client.post(reverse("customers:personal_erase", args=["customer", customer.pk]), {"name": "Ada Byron"})
    customer.refresh_from_db()
    assert (customer.given_name, customer.search_text) == ("", f"erased {customer.pk}")
