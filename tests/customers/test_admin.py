"""The stock admin: constant cost, and writes that the history knows of."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import ChangeSet
from customers.models import Customer
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory, stage

pytestmark = pytest.mark.django_db
MODELS = [
    "customer", "contact", "contactmethod", "consent", "membership", "relation", "importantdate",
    "stagechange", "duplicatepair", "duplicatecontactpair", "favourite", "tag", "source", "lifecyclestage",
]  # fmt: skip


@pytest.fixture
def client():
    client = Client()
    client.force_login(AdministratorFactory())
    return client


@pytest.mark.parametrize("name", MODELS)
def test_every_list_opens_and_searches(client, name):
    assert client.get(reverse(f"admin:customers_{name}_changelist"), {"q": "x"}).status_code == 200


def test_the_list_costs_the_same_with_one_and_three_rows(client):
    counts = []
    for number in (1, 2):
        for _row in range(number):
            customer = CustomerFactory(owner=UserFactory())
            ContactFactory(customer=customer)
        client.get(reverse("admin:customers_customer_changelist"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:customers_customer_changelist"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_salespeople_do_not_get_in():
    client = Client()
    client.force_login(UserFactory())
    assert client.get(reverse("admin:customers_customer_changelist")).status_code == 302


def form_of(client, url: str) -> dict:
    form = client.get(url).context["adminform"].form
    data = {n: form.get_initial_for_field(f, n) for n, f in form.fields.items()}
    data = {n: getattr(v, "pk", v) for n, v in data.items() if v not in (None, [], {})}
    for formset in client.get(url).context["inline_admin_formsets"]:
        manager = formset.formset.management_form
        data |= {manager.add_prefix(n): manager[n].value() for n in manager.fields}
        for row in formset.formset.initial_forms:
            for n in row.fields:
                value = row[n].value()
                if value not in (None, False):
                    data[row.add_prefix(n)] = value
    return data


def test_saving_goes_through_the_change_log(client):
    customer = CustomerFactory(name="Acme")
    method = ContactMethodFactory(customer=customer, value="a@x.test")
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    data = form_of(client, url) | {"name": "Acme Ltd", "methods-0-value": "B@x.test", "custom": "{}"}
    response = client.post(url, data)
    assert response.status_code == 302, response.context["errors"]
    customer.refresh_from_db()
    method.refresh_from_db()
    assert (customer.name, customer.version) == ("Acme Ltd", 2)
    assert (method.value, method.key) == ("B@x.test", "b@x.test")
    assert ChangeSet.objects.filter(kind="edit", reason="admin").count() == 2


def test_adding_enters_the_funnel_and_deleting_is_the_trash(client):
    url = reverse("admin:customers_customer_add")
    data = form_of(client, url) | {"name": "New", "kind": "company", "stage": stage().pk, "custom": "{}"}
    response = client.post(url, data)
    assert response.status_code == 302, response.context["errors"]
    made = Customer.objects.get()
    assert (made.origin.kind, made.stage_changes.count(), made.search_text) == ("create", 1, "new")
    client.post(reverse("admin:customers_customer_delete", args=[made.pk]), {"post": "yes"})
    made.refresh_from_db()
    assert made.in_trash
