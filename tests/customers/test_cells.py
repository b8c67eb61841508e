"""Inline edit of a cell, and the pages of custom fields."""

import pytest

from core.models import ChangeSet, CustomField
from customers.models import Customer
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


def test_a_cell_is_saved_with_history(client, admin):
    customer = CustomerFactory(name="Acme", city="Rome")
    url = f"/customers/{customer.pk}/cell/city/"
    assert 'name="city"' in client.get(url).content.decode()
    response = client.post(url, {"city": "<b>Oslo", "version": "1"})
    assert response.json() == {"html": "&lt;b&gt;Oslo", "version": 2}
    assert Customer.objects.get().city == "<b>Oslo"
    assert ChangeSet.objects.filter(kind="edit", actor=admin).count() == 1


def test_the_slower_one_is_told(client, admin):
    customer = CustomerFactory(city="Rome")
    url = f"/customers/{customer.pk}/cell/city/"
    client.post(url, {"city": "Oslo", "version": "1"})
    response = client.post(url, {"city": "Bern", "version": "1"})
    assert response.status_code == 409
    assert Customer.objects.get().city == "Oslo"


def test_only_the_asked_field_is_written(client, admin):
    customer = CustomerFactory(name="Acme", city="Rome")
    client.post(
        f"/customers/{customer.pk}/cell/city/",
        {"city": "Oslo", "version": "1", "name": "Evil", "owner": admin.pk},
    )
    found = Customer.objects.get()
    assert (found.name, found.city, found.owner) == ("Acme", "Oslo", None)


def test_what_cannot_be_edited_and_by_whom(client):
    team = TeamFactory()
    client.force_login(UserFactory(team=team))
    seen, hidden = CustomerFactory(team=team), CustomerFactory()
    assert client.get(f"/customers/{seen.pk}/cell/city/").status_code == 403
    assert client.get(f"/customers/{hidden.pk}/cell/city/").status_code == 404
    client.force_login(AdministratorFactory())
    for column in ("lifetime_value", "created_at", "search_text", "nonsense"):
        assert client.get(f"/customers/{seen.pk}/cell/{column}/").status_code == 404


def test_a_wrong_value_brings_the_form_back(client, admin):
    customer = CustomerFactory()
    response = client.post(
        f"/customers/{customer.pk}/cell/annual_revenue/", {"annual_revenue": "lots", "version": "1"}
    )
    assert response.status_code == 422
    contact = ContactFactory()
    response = client.post(f"/contacts/{contact.pk}/cell/job_title/", {"job_title": "CEO", "version": "1"})
    assert response.json()["html"] == "CEO"


# Custom fields


def test_an_administrator_makes_changes_orders_and_archives_a_field(client, admin):
    client.post(
        "/settings/fields/customer/new/",
        {"label": "Größe des Lagers", "kind": "choice", "options": "Klein\nGroß\nKlein\n"},
    )
    first = CustomField.objects.get()
    assert (first.key, first.model, first.choices) == (
        "grosse_des_lagers",
        "customers.customer",
        ["Klein", "Groß"],
    )
    client.post("/settings/fields/customer/new/", {"label": "仓库", "kind": "text"})
    second = CustomField.objects.exclude(pk=first.pk).get()
    assert second.key == "field"
    client.post(f"/settings/fields/{second.pk}/move/", {"to": "up"})
    assert list(CustomField.objects.order_by("position")) == [second, first]
    client.post(
        f"/settings/fields/{first.pk}/",
        {"label": "Lager", "options": "Klein", "kind": "text", "key": "other"},
    )
    first.refresh_from_db()
    assert (first.label, first.kind, first.key, first.choices) == (
        "Lager",
        "choice",
        "grosse_des_lagers",
        ["Klein"],
    )
    client.post(f"/settings/fields/{first.pk}/archive/")
    first.refresh_from_db()
    assert first.archived
    assert client.get("/settings/fields/").status_code == 200


def test_mistakes_in_a_definition(client, admin):
    CustomField.objects.create(model="customers.customer", key="tier", label="Tier", kind="text")
    for data in (
        {"label": "X", "kind": "choice"},
        {"label": "", "kind": "text"},
        {"label": "X", "kind": "nonsense"},
        {"label": "X", "kind": "text", "key": "Ü!"},
        {"label": "X", "kind": "text", "key": "tier"},
    ):
        assert client.post("/settings/fields/customer/new/", data).status_code == 422, data
    assert CustomField.objects.count() == 1


def test_only_administrators(client):
    field = CustomField.objects.create(model="customers.customer", key="tier", label="Tier", kind="text")
    client.force_login(UserFactory(role="manager"))
    for url in ("/settings/fields/", "/settings/fields/customer/new/", f"/settings/fields/{field.pk}/"):
        assert client.get(url).status_code == 403
    assert client.post(f"/settings/fields/{field.pk}/archive/").status_code == 403
