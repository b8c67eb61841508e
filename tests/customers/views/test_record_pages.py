"""The record pages of customers and contacts: what they show, to whom, and at what cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact, Customer, StageChange
from tests.factories.accounts import AdministratorFactory, AnalystFactory, TeamFactory, UserFactory
from tests.factories.customers import (
    ConsentFactory,
    ContactFactory,
    ContactMethodFactory,
    CustomerFactory,
    ImportantDateFactory,
    MembershipFactory,
    PersonCustomerFactory,
    RelationFactory,
    TagFactory,
    stage,
)

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def user(team):
    return UserFactory(team=team, name="Li Na")


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def customer(user, team):
    return CustomerFactory(name="Acme", owner=user, team=team, city="Bern", industry="Steel")


@pytest.fixture
def contact(user, team, customer):
    return ContactFactory(customer=customer, owner=user, team=team, given_name="Grace", family_name="Hopper")


def page(client, obj, **extra):
    return client.get(obj.get_absolute_url(), **extra).content.decode()


def test_the_customer_page_shows_facts_people_and_ways_to_reach(client, customer, contact):
    ContactMethodFactory(customer=customer, value="info@acme.test")
    ContactMethodFactory(customer=customer, kind="phone", value="+41 31 123 45 67")
    html = page(client, customer)
    assert "<h1>Acme</h1>" in html
    assert 'href="mailto:info@acme.test"' in html
    assert 'href="tel:+41311234567"' in html
    assert "Steel" in html
    assert "Grace Hopper" in html
    assert "Owner: Li Na" in html


def test_the_contact_page_shows_its_companies(client, customer, contact):
    MembershipFactory(contact=contact, customer=CustomerFactory(name="Hidden Ltd", owner=UserFactory()))
    html = page(client, contact)
    assert "<h1>Grace Hopper</h1>" in html
    assert "Acme" in html
    assert "Hidden Ltd" not in html


def test_a_parent_one_may_not_see_is_not_named(client, customer):
    customer.parent = CustomerFactory(name="Secret Holding", owner=UserFactory())
    customer.save()
    html = page(client, customer)
    assert "Secret Holding" not in html
    assert "(not visible to you)" in html
    form = client.get(reverse("customers:customer_update", args=[customer.pk])).content.decode()
    assert "Secret Holding" not in form
    assert 'name="parent"' not in form


def test_names_are_escaped_everywhere(client, user, team):
    evil = "<script>alert(1)</script>"
    customer = CustomerFactory(name=evil, owner=user, team=team, description=evil, city=evil)
    ContactMethodFactory(customer=customer, kind="chat", value=evil, label=evil)
    ContactMethodFactory(customer=customer, kind="website", value="javascript:alert(1)")
    customer.tags.add(TagFactory(name=evil))
    for url in all_urls(customer):
        response = client.get(url)
        assert evil not in response.content.decode(), url
        assert 'href="javascript' not in response.content.decode(), url


def all_urls(customer: Customer) -> list[str]:
    pk = customer.pk
    names = ["customer_detail", "customer_update", "customer_delete", "customer_stage", "customer_people"]
    urls = [reverse(f"customers:{name}", args=[pk]) for name in names]
    urls += [
        reverse("customers:customer_group", args=[pk, g])
        for g in ["main", "address", "relationship", "notes"]
    ]
    cards = [
        "facts-main",
        "facts-notes",
        "methods",
        "tags",
        "consents",
        "history",
        "people",
        "subsidiaries",
        "insights",
    ]
    urls += [reverse("customers:customer_card", args=[pk, c]) for c in cards]
    urls += [
        reverse(f"customers:{n}", args=["customer", pk])
        for n in ["record_tags", "record_history", "method_create", "consent_create"]
    ]
    return urls + [reverse("customers:record_merge", args=["customer"]) + f"?ids={pk}"]


def contact_urls(contact: Contact) -> list[str]:
    pk = contact.pk
    names = [
        "contact_detail",
        "contact_update",
        "contact_delete",
        "membership_create",
        "relation_create",
        "importantdate_create",
    ]
    urls = [reverse(f"customers:{name}", args=[pk]) for name in names]
    urls += [reverse("customers:contact_group", args=[pk, g]) for g in ["main", "relationship", "notes"]]
    cards = ["facts-main", "methods", "tags", "consents", "history", "memberships", "relations", "dates"]
    urls += [reverse("customers:contact_card", args=[pk, c]) for c in cards]
    urls += [
        reverse(f"customers:{n}", args=["contact", pk])
        for n in ["record_tags", "record_history", "method_create", "consent_create"]
    ]
    return urls + [reverse("customers:record_merge", args=["contact"]) + f"?ids={pk}"]


def test_every_page_of_a_visible_record_opens_whole_and_as_fragment(client, customer, contact):
    for url in all_urls(customer) + contact_urls(contact):
        whole = client.get(url)
        assert whole.status_code == 200, url
        assert "<html" in whole.content.decode()
        assert client.get(url, **HTMX).status_code == 200, url


def test_nothing_of_an_invisible_record_answers(client):
    stranger = UserFactory(team=TeamFactory())
    customer = CustomerFactory(name="Theirs", owner=stranger, team=stranger.team)
    contact = ContactFactory(customer=customer, owner=stranger, team=stranger.team)
    method = ContactMethodFactory(customer=customer)
    consent = ConsentFactory(customer=customer)
    other = ContactFactory(owner=stranger, team=stranger.team)
    relation = RelationFactory(contact=contact, other=other)
    day = ImportantDateFactory(contact=contact)
    membership = contact.memberships.get()
    urls = all_urls(customer) + contact_urls(contact)
    parts = {
        "method_update": method, "method_delete": method, "consent_withdraw": consent,
        "relation_update": relation, "relation_delete": relation, "importantdate_update": day,
        "importantdate_delete": day, "membership_update": membership, "membership_delete": membership,
    }  # fmt: skip
    urls += [reverse(f"customers:{name}", args=[row.pk]) for name, row in parts.items()]
    posts = [
        reverse("customers:record_star", args=["customer", customer.pk]),
        reverse("customers:method_opt_out", args=[method.pk]),
    ]
    for url in urls:
        assert client.get(url).status_code == 404, url
        assert client.get(url, **HTMX).status_code == 404, url
        assert client.post(url).status_code in (404, 405), url
    for url in posts:
        assert client.post(url).status_code == 404, url
    customer.refresh_from_db()
    assert (customer.version, customer.deleted_at) == (1, None)


def test_who_sees_but_may_not_edit_gets_403_and_no_buttons(client, team, user):
    colleague = UserFactory(team=team)
    customer = CustomerFactory(name="Colleague's", owner=colleague, team=team)
    assert "card-facts-main" in page(client, customer)
    assert reverse("customers:customer_update", args=[customer.pk]) not in page(client, customer)
    for name in ["customer_update", "customer_delete", "customer_stage"]:
        url = reverse(f"customers:{name}", args=[customer.pk])
        assert client.get(url).status_code == 403
        assert client.post(url, {"stage": stage("qualified").pk}).status_code == 403
    for name in ["record_tags", "method_create", "consent_create"]:
        url = reverse(f"customers:{name}", args=["customer", customer.pk])
        assert client.post(url, {"tags": "x"}).status_code == 403
    merge = (
        reverse("customers:record_merge", args=["customer"])
        + f"?ids={customer.pk},{CustomerFactory(owner=user).pk}"
    )
    assert client.post(merge).status_code == 403


def test_analysts_read_only(customer):
    client = Client()
    client.force_login(AnalystFactory())
    assert client.get(customer.get_absolute_url()).status_code == 200
    assert client.get(reverse("customers:customer_create")).status_code == 403
    assert client.post(reverse("customers:customer_create"), {"name": "X"}).status_code == 403


def test_signed_out_people_go_to_the_log_in_page(customer):
    for url in all_urls(customer):
        response = Client().get(url)
        assert response.status_code == 302, url
        assert response["Location"].startswith("/accounts/login/")


def rich(customer, user, team, count: int) -> None:
    for number in range(count):
        contact = ContactFactory(owner=user, team=team)
        MembershipFactory(contact=contact, customer=customer)
        CustomerFactory(name=f"Child {number}", parent=customer, owner=user, team=team)
        ContactMethodFactory(customer=customer)
        ConsentFactory(customer=customer, purpose=["email_marketing", "phone", "chat"][number])
        customer.tags.add(TagFactory())
        customer.collaborators.add(UserFactory())
        ImportantDateFactory(contact=contact)


@pytest.mark.parametrize("kind", ["customer", "contact"])
def test_the_record_page_costs_the_same_with_one_and_three_of_each(
    client, customer, contact, user, team, kind, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    url = (customer if kind == "customer" else contact).get_absolute_url()
    listed = reverse(f"customers:{kind}_list")
    counts = []
    for _round in (1, 2):
        rich(customer, user, team, 1 if _round == 1 else 2)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"{url}?from=", HTTP_REFERER=f"http://testserver{listed}").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1], [q["sql"][:150] for q in captured]
    assert counts[1] <= 15, "\n".join(q["sql"][:200] for q in captured)


def test_previous_and_next_follow_the_list_one_came_from(client, user, team):
    rows = [CustomerFactory(name=name, owner=user, team=team) for name in ["Aaa", "Bbb", "Ccc"]]
    html = page(client, rows[1], HTTP_REFERER="http://testserver/customers/?sort=name")
    assert f'href="/customers/{rows[0].pk}/?from=sort%3Dname"' in html
    assert f'href="/customers/{rows[2].pk}/?from=sort%3Dname"' in html
    backwards = client.get(f"/customers/{rows[1].pk}/?from=sort%3D-name").content.decode()
    assert f'href="/customers/{rows[2].pk}/?from=sort%3D-name" rel="prev"' in backwards


def test_insights_compare_with_the_usual_time_in_the_stage(client, customer):
    now = timezone.now()
    lead, qualified = stage("lead"), stage("qualified")
    for days in (10, 20, 30):
        StageChange.objects.create(
            customer=CustomerFactory(), from_stage=lead, to_stage=qualified, at=now, seconds=days * 86400
        )
    Customer.objects.filter(pk=customer.pk).update(stage_since=now - timedelta(days=50))
    html = client.get(reverse("customers:customer_card", args=[customer.pk, "insights"])).content.decode()
    assert "usually 20 (median of 3 moves)" in html
    assert "50" in html


def test_a_star_is_one_s_own(client, customer, user):
    url = reverse("customers:record_star", args=["customer", customer.pk])
    client.post(url, {"starred": "1"})
    assert 'aria-pressed="true"' in page(client, customer)
    other = Client()
    other.force_login(AdministratorFactory())
    assert 'aria-pressed="false"' in page(other, customer)
    client.post(url, {"starred": "0"})
    assert customer.favourites.count() == 0


def test_persons_show_their_parts(client, user, team):
    person = PersonCustomerFactory(owner=user, team=team, given_name="Fang", family_name="Wang")
    html = page(client, person)
    assert "Given name" in html
    assert "Subsidiaries" not in html
