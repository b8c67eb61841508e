"""What goes out comes in again unchanged."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from deals.models import Order, OrderLine
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, set_mapping, upload
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import (
    ContactFactory,
    ContactMethodFactory,
    CustomerFactory,
    PersonCustomerFactory,
    SourceFactory,
    TagFactory,
    stage,
)
from tests.factories.deals import OrderFactory

pytestmark = pytest.mark.django_db
TRICKY = ["=1+1", "-Acme", "+Plus", "@home", "'=x", "'quoted'", 'a "b", c', "两 行", "<b>x</b>"]


@pytest.fixture
def actor():
    return AdministratorFactory()


def exported(actor, path: str) -> bytes:
    browser = Client()
    browser.force_login(actor)
    return b"".join(browser.get(f"{path}?fields=all").streaming_content)


@pytest.fixture
def customers(actor):
    parent = CustomerFactory(
        name="Parent AG",
        external_id="P1",
        owner=actor,
        city="Zürich",
        country="Switzerland",
        annual_revenue=Decimal("1234567.89"),
        currency="CHF",
        size_band="50-249",
        founded=1999,
        source=SourceFactory(name="Fair"),
        tags=[TagFactory(name="vip"), TagFactory(name="north")],
        description="two\nlines, and =more",
        stage=stage("qualified"),
        team=TeamFactory(name="North"),
    )
    ContactMethodFactory(customer=parent, value="info@parent.example")
    for number, name in enumerate(TRICKY):
        CustomerFactory(name=name, external_id=f"T{number}", parent=parent, owner=actor)
    owner = UserFactory(team=TeamFactory())
    person = PersonCustomerFactory(external_id="X1", owner=owner, team=owner.team, referred_by=parent)
    CustomerFactory(name="Nobody's", external_id="X2", owner=None, team=owner.team, referred_by=person)
    ContactMethodFactory(customer=person, kind="phone", value="+49 30 12345", key="493012345")
    return Customer.objects.all()


def test_customers_over_themselves(actor, customers, django_capture_on_commit_callbacks):
    content = exported(actor, "/customers/export/")
    before = dump()
    run = upload(content, actor=actor, target="customers.customer")
    run = set_mapping(run, duplicates="update", fill="overwrite")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"unchanged": 3 + len(TRICKY)}, (counts, run.mapping["columns"])
    assert dump() == before


def test_customers_into_an_empty_place(actor, customers, django_capture_on_commit_callbacks):
    content = exported(actor, "/customers/export/")
    columns = [
        "name", "kind", "given_name", "external_id", "city", "country", "annual_revenue", "currency",
        "size_band",
        "founded", "source__name", "description", "stage__kind", "parent__name",
        "team", "referred_by__name",
    ]  # fmt: skip
    before = list(customers.order_by("external_id").values_list(*columns))
    Customer._base_manager.all().delete()
    run = upload(content, actor=actor, target="customers.customer")
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"created": len(before)}
    assert list(Customer.objects.order_by("external_id").values_list(*columns)) == before
    parent = Customer.objects.get(external_id="P1")
    assert sorted(parent.tags.values_list("name", flat=True)) == ["north", "vip"]
    assert parent.methods.get().value == "info@parent.example"


def test_contacts_over_themselves(actor, django_capture_on_commit_callbacks):
    acme = CustomerFactory(name="Acme", owner=actor)
    for number, name in enumerate(TRICKY):
        contact = ContactFactory(
            name=name, given_name="", family_name=name, external_id=f"C{number}", owner=actor, customer=acme,
            team=TeamFactory() if number % 2 else None,
        )  # fmt: skip
        ContactMethodFactory(contact=contact)
    content = exported(actor, "/contacts/export/")
    before = dump()
    run = upload(content, actor=actor, target="customers.contact")
    run = set_mapping(run, duplicates="update", fill="overwrite")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"unchanged": len(TRICKY)}, run.mapping["columns"]
    assert dump() == before


def test_orders_over_themselves(actor, django_capture_on_commit_callbacks):
    """An order is never changed by a file; each is found again by its number."""
    acme = CustomerFactory(name="Acme", external_id="A1", owner=actor)
    for number, name in enumerate(TRICKY):
        OrderFactory(number=f"O{number}", customer=acme, channel=name)
    content = exported(actor, "/orders/export/")
    before = dump()
    run = upload(content, actor=actor, target="deals.order")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"skipped": len(TRICKY)}, (counts, run.mapping["columns"])
    assert {reason[1] for reason in counts["reasons"]} == {"exists"}
    assert dump() == before


def test_orders_into_an_empty_place(actor, django_capture_on_commit_callbacks):
    acme = CustomerFactory(name="Acme", external_id="A1", owner=actor)
    for number, name in enumerate(TRICKY):
        at = timezone.now().replace(microsecond=0)  # files tell times by the second
        OrderFactory(
            number=f"O{number}", customer=acme, channel=name, total=Decimal("12.50") + number, ordered_at=at
        )
    columns = ["number", "customer", "ordered_at", "total", "currency", "channel", "is_return"]
    before = list(Order.objects.order_by("number").values_list(*columns))
    content = exported(actor, "/orders/export/")
    OrderLine._base_manager.all().delete()
    Order._base_manager.all().delete()
    run = upload(content, actor=actor, target="deals.order")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": len(TRICKY)}, (counts, run.mapping["columns"])
    assert list(Order.objects.order_by("number").values_list(*columns)) == before
