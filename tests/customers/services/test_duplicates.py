"""The duplicate scan and what people decide."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Customer, DuplicateContactPair, DuplicatePair
from customers.services.duplicate_scan import Row, load_customers, score_pairs, start_scan
from customers.services.duplicates import core_name, not_duplicates, open_pairs
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory, stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME GmbH", "Acme Ltd."),
        ("Müller & Söhne AG", "muller sohne"),
        ("北京华夏有限公司", "北京华夏股份有限公司"),
        ("Smith John", "John Smith"),
        ("Foo, Inc.", "FOO Incorporated"),
    ],
)
def test_legal_forms_case_and_order_do_not_matter(one, other):
    assert core_name(one) == core_name(other)


def scan(callbacks):
    with callbacks(execute=True):
        job = start_scan(actor=UserFactory())
    job.refresh_from_db()
    assert job.state == "done", job.error
    return job.result


def test_the_scan_finds_pairs_with_reasons(django_capture_on_commit_callbacks):
    a, b = CustomerFactory(name="Acme GmbH", city="Bern"), CustomerFactory(name="ACME", city="Bern")
    c, d = CustomerFactory(name="Other"), CustomerFactory(name="Quite different")
    for row in (c, d):
        ContactMethodFactory(customer=row, kind="email", value="same@x.test", key="same@x.test")
    CustomerFactory(name="Alone")
    assert scan(django_capture_on_commit_callbacks) == {"found": 2}
    found = {(p.first, p.second): (p.score, p.reasons) for p in DuplicatePair.objects.all()}
    assert found == {(a, b): (70, ["name", "place"]), (c, d): (60, ["email"])}


def test_the_scan_finds_contacts_too(django_capture_on_commit_callbacks):
    acme, other = CustomerFactory(name="Acme"), CustomerFactory(name="Zeta")
    ada, lovelace = (ContactFactory(name=name, customer=acme) for name in ("Ada Lovelace", "Lovelace, Ada"))
    ContactFactory(name="Ada Lovelace", customer=other)  # the same name elsewhere is another person
    grace, hopper = ContactFactory(name="Grace Hopper"), ContactFactory(name="G. Brewster")
    for row in (grace, hopper):
        ContactMethodFactory(contact=row, kind="phone", value="+49301", key="49301")
        ContactMethodFactory(contact=row, kind="email", value="g@x.test", key="g@x.test")
    assert scan(django_capture_on_commit_callbacks) == {"found": 2}
    found = {(p.first, p.second): (p.score, p.reasons) for p in DuplicateContactPair.objects.all()}
    assert found == {(ada, lovelace): (70, ["name", "company"]), (grace, hopper): (100, ["email", "phone"])}
    not_duplicates(lovelace, ada, actor=UserFactory())
    assert scan(django_capture_on_commit_callbacks) == {"found": 1}


def test_pairs_of_contacts_have_a_tab_of_their_own(client):
    user = UserFactory(team=TeamFactory())
    mine = [ContactFactory(owner=user, name=name) for name in ("Ada One", "Ada Two")]
    DuplicateContactPair.objects.create(first=mine[0], second=mine[1], score=80, reasons=["name"])
    hidden = ContactFactory(name="Ada Hidden")
    DuplicateContactPair.objects.create(first=mine[0], second=hidden, score=90, reasons=["email"])
    client.force_login(user)
    address = reverse("customers:duplicate_list")
    assert "Ada Two" not in client.get(address).content.decode()
    html = client.get(f"{address}?kind=contact").content.decode()
    assert "Ada Two" in html
    assert "Ada Hidden" not in html
    decide = reverse("customers:not_duplicates", args=["contact", mine[0].pk, mine[1].pk])
    assert client.post(decide)["Location"] == f"{address}?kind=contact"
    assert list(open_pairs(Contact, user)) == []


def test_what_was_decided_stays_decided(django_capture_on_commit_callbacks):
    a, b = CustomerFactory(name="Acme"), CustomerFactory(name="Acme")
    scan(django_capture_on_commit_callbacks)
    not_duplicates(b, a, actor=UserFactory())
    assert scan(django_capture_on_commit_callbacks) == {"found": 0}
    assert DuplicatePair.objects.get().state == "different"


def test_only_pairs_of_which_one_sees_both_are_shown():
    user = UserFactory(team=TeamFactory())
    mine = [CustomerFactory(name=n, owner=user, team=user.team) for n in ("A1", "A2")]
    hidden = CustomerFactory(name="Hidden", owner=UserFactory())
    DuplicatePair.objects.create(first=mine[0], second=mine[1], score=80, reasons=["name"])
    DuplicatePair.objects.create(first=mine[0], second=hidden, score=90, reasons=["email"])
    assert [p.second for p in open_pairs(Customer, user)] == [mine[1]]
    client = Client()
    client.force_login(user)
    html = client.get(reverse("customers:duplicate_list")).content.decode()
    assert "Hidden" not in html
    assert (
        client.post(reverse("customers:not_duplicates", args=["customer", mine[0].pk, hidden.pk])).status_code
        == 404
    )
    client.post(reverse("customers:not_duplicates", args=["customer", mine[0].pk, mine[1].pk]))
    assert list(open_pairs(Customer, user)) == []


def test_merging_with_a_hidden_record_is_404():
    user = UserFactory(team=TeamFactory())
    mine, hidden = CustomerFactory(owner=user, team=user.team), CustomerFactory(owner=UserFactory())
    client = Client()
    client.force_login(user)
    url = reverse("customers:record_merge", args=["customer"]) + f"?ids={mine.pk},{hidden.pk}"
    assert client.get(url).status_code == 404
    assert client.post(url, {"winner": mine.pk}).status_code == 404


def test_a_hundred_names_alike_do_not_make_thousands_of_pairs():
    rows = {i: Row(i, "acme") for i in range(100)}
    assert len(score_pairs(rows, same="place")) == 99


@pytest.mark.slow
def test_twenty_thousand_customers_take_seconds():
    lead = stage()
    Customer.objects.bulk_create(
        [
            Customer(name=f"Company {i} {i * 7919 % 10007}", sort_name=str(i), stage=lead)
            for i in range(20_000)
        ]
    )
    began = time.perf_counter()
    score_pairs(load_customers(), same="place")
    assert time.perf_counter() - began < 10
