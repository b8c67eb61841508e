"""The customer and contact lists: rows, visibility, filters, order, pages, bad addresses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import VisibilityRule
from core.models import CustomField, SavedView
from tests.factories.accounts import AdministratorFactory, AnalystFactory, TeamFactory, UserFactory
from tests.factories.customers import (
    ContactFactory,
    ContactMethodFactory,
    CustomerFactory,
    SourceFactory,
    TagFactory,
    stage,
)

pytestmark = pytest.mark.django_db
URL = "/customers/"


def signed_in(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def admin(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


def names(response):
    assert response.status_code == 200
    return [row["name"] for row in response.context["rows"]]


def get(client, query="", url=URL):
    return client.get(f"{url}?{query}" if query else url)


def test_rows_in_order_of_their_names(client, admin):
    for name in ("beta", "Ärger", "Alpha", "北京"):
        CustomerFactory(name=name)
    assert names(get(client)) == ["Alpha", "Ärger", "beta", "北京"]
    assert names(get(client, "sort=-name")) == ["北京", "beta", "Ärger", "Alpha"]


def test_what_a_salesperson_sees(client):
    team, other = TeamFactory(), TeamFactory()
    me = UserFactory(team=team)
    CustomerFactory(name="Mine", owner=me)
    CustomerFactory(name="Team's", team=team)
    CustomerFactory(name="Hidden", team=other)
    CustomerFactory(name="Shared", team=other, collaborators=[me])
    signed_in(client, me)
    assert names(get(client)) == ["Mine", "Shared", "Team's"]
    VisibilityRule.objects.create(role="sales", kind="customer", view="own", edit="own")
    assert names(get(client)) == ["Mine", "Shared"]
    VisibilityRule.objects.update(view="all")
    assert names(get(client)) == ["Hidden", "Mine", "Shared", "Team's"]


def test_signed_out_people_are_sent_to_sign_in(client):
    assert get(client).status_code == 302


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=person", ["Person"]),
        ("country=Italy", ["Acme", "Beta"]),
        ("country=Italy&country=Norway", ["Acme", "Beta", "Person"]),
        ("industry=Food", ["Acme"]),
        ("city=ro", ["Acme"]),
        ("owner=none", ["Beta", "Person"]),
        ("mine=true", ["Acme"]),
        ("source=none", ["Beta", "Person"]),
        ("tags=none", ["Beta", "Person"]),
        ("revenue_min=100", ["Acme"]),
        ("revenue_max=99", ["Beta"]),
        ("last_contacted=never", ["Person"]),
        ("last_contacted=last_30", ["Acme"]),
        ("last_contacted=not_30", ["Beta", "Person"]),
        ("next_step=overdue", ["Beta"]),
        ("q=acm", ["Acme"]),
        ("q=info@acme", ["Acme"]),
        ("q=0049 30", []),
        ("q=4930", ["Acme"]),
        ("q=ACM&country=Norway", []),
    ],
)
def test_filters(client, admin, query, found):
    now = timezone.now()
    tag = TagFactory()
    acme = CustomerFactory(
        name="Acme", country="Italy", industry="Food", city="Rome", owner=admin, source=SourceFactory(),
        tags=[tag], annual_revenue=100, currency="EUR", last_contacted_at=now,
    )  # fmt: skip
    CustomerFactory(
        name="Beta", country="Italy", annual_revenue=99, currency="EUR",
        last_contacted_at=now - timedelta(days=40), next_step_on=now.date() - timedelta(days=2),
    )  # fmt: skip
    CustomerFactory(name="Person", kind="person", country="Norway")
    ContactMethodFactory(customer=acme, value="info@acme.example")
    ContactMethodFactory(customer=acme, kind="phone", value="+49 30 1", key="49301")
    assert names(get(client, query)) == found


def test_filters_by_row(client, admin):
    person, tag, source = UserFactory(), TagFactory(), SourceFactory()
    CustomerFactory(name="One", owner=person, tags=[tag], source=source, stage=stage("loyal"))
    CustomerFactory(name="Two")
    for query in (
        f"owner={person.pk}",
        f"tags={tag.pk}",
        f"source={source.pk}",
        f"stage={stage('loyal').pk}",
    ):
        assert names(get(client, query)) == ["One"], query
    assert names(get(client, f"owner={person.pk}&owner=none")) == ["One", "Two"]


def test_chips_say_what_is_filtered_and_take_it_off(client, admin):
    CustomerFactory(name="One", country="Italy")
    response = get(client, "country=Italy&mine=true&sort=-name&columns=name,city")
    chips = {chip.label: chip for chip in response.context["chips"]}
    assert chips["Country"].value == "Italy"
    assert chips["Country"].remove_url == "?mine=true&sort=-name&columns=name,city"


@pytest.mark.parametrize(
    "query",
    [
        "sort=password", "sort=owner__password", "sort=--name", "sort=name;drop table", "sort=%00",
        "page=-1", "page=0", "page=abc", "page=99999999999999999999", "page=%F0%9F%92%A9",
        "per_page=100000", "columns=password,owner__password", "columns=" + ",".join(["x"] * 2000),
        "owner=abc", "owner=99999999999999999999999", "owner=1'%20or%201=1--", "stage=&stage=-1",
        "country=" + "a" * 5000, "country=%00", "created=never", "created_from=9999-12-31", "created_from=xx",
        "created_to=0001-01-01", "revenue_min=1e400", "revenue_min=NaN", "revenue_min=" + "9" * 300,
        "owner__password=x", "deleted_at__isnull=False", "q=" + "a" * 10_000, "q=%00%00", "q='", 'q="*',
        "q=%", "q=\\", "after=xxx", "before=W10", "after=" + "A" * 9000, "view=abc",
        "view=99999999999999999999", "view=1", "part=nonsense", "custom.x=1", "custom.=1",
        "tags=none&tags=abc", "mine=perhaps", "city=%00",
    ],
)  # fmt: skip
def test_bad_addresses_never_fail(client, admin, query):
    CustomerFactory(name="Acme")
    for part in ("", "&part=filters", "&totals=1"):
        response = get(client, query + part)
        assert response.status_code == 200
    assert client.get(f"{URL}export/?{query}").status_code == 200
    assert client.get(f"/customers/board/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["sort=password", "owner=abc", "nonsense=1", "page=-1", "columns=password"])
def test_what_is_ignored_is_told(client, admin, query):
    CustomerFactory(name="Acme")
    response = get(client, query)
    assert names(response) == ["Acme"]
    assert response.context["notices"]


def test_nothing_yet_is_not_no_results(client, admin):
    assert "No customers yet" in get(client).content.decode()
    CustomerFactory(name="Acme")
    content = get(client, "q=zebra").content.decode()
    assert "No results" in content
    assert "No customers yet" not in content


def test_pages(client, admin):
    for n in range(60):
        CustomerFactory(name=f"Customer {n:03}")
    first = get(client)
    assert names(first)[0] == "Customer 000"
    assert first.context["count"] == 60
    second = client.get(URL + first.context["next_url"])
    assert names(second)[0] == "Customer 025"
    assert names(client.get(URL + second.context["previous_url"])) == names(first)
    assert names(get(client, "page=3")) == [f"Customer {n:03}" for n in range(50, 60)]
    assert names(get(client, "last=1")) == [f"Customer {n:03}" for n in range(50, 60)]
    beyond = get(client, "page=7")
    assert names(beyond)[0] == "Customer 050"
    assert beyond.context["notices"]
    assert len(names(get(client, "per_page=50"))) == 50


def test_columns_never_depend_on_filters(client, admin):
    CustomerFactory(name="Acme", city="Rome", country="Italy")
    response = get(client, "columns=city,name&country=Italy")
    assert [column.key for column in response.context["state"].shown] == ["city", "name"]
    assert [column.key for column in get(client, "columns=city").context["state"].shown] == ["name", "city"]


def test_stored_script_is_text(client, admin):
    evil = "<script>alert(1)</script>"
    tag = TagFactory(name=f"{evil}t")
    CustomField.objects.create(model="customers.customer", key="note", label=f"{evil}l", kind="text")
    CustomField.objects.create(model="customers.customer", key="site", label="Site", kind="link")
    CustomerFactory(
        name=evil, city=evil, industry=evil, tags=[tag], owner=UserFactory(name=evil),
        source=SourceFactory(name=evil), custom={"note": evil, "site": "javascript:alert(1)"},
    )  # fmt: skip
    query = "columns=name,city,industry,tags,owner,source,custom.note,custom.site&industry=" + evil
    for url in (
        f"{URL}?{query}",
        f"{URL}?{query}&part=filters",
        f"{URL}?q={evil}",
        "/customers/board/",
        "/customers/funnel/",
    ):
        content = client.get(url).content.decode()
        assert "<script>alert" not in content
        assert 'href="javascript:' not in content


def test_the_parent_of_a_customer_is_named_only_to_those_who_may_see_it(client):
    team = TeamFactory()
    me = UserFactory(team=team)
    secret = CustomerFactory(name="Secret Holding", team=TeamFactory())
    CustomerFactory(name="Child", team=team, parent=secret, referred_by=secret)
    signed_in(client, me)
    content = get(client, "columns=name,parent,referred_by").content.decode()
    assert "Child" in content
    assert "Secret Holding" not in content
    file = b"".join(client.get(f"{URL}export/?fields=all").streaming_content).decode()
    assert "Child" in file
    assert "Secret Holding" not in file


def test_the_customers_of_a_contact_are_named_only_to_those_who_may_see_them(client):
    team = TeamFactory()
    me = UserFactory(team=team)
    contact = ContactFactory(
        family_name="Hopper", name="Grace Hopper", owner=me, customer=CustomerFactory(name="Seen", team=team)
    )
    from tests.factories.customers import MembershipFactory

    MembershipFactory(contact=contact, customer=CustomerFactory(name="Unseen", team=TeamFactory()))
    signed_in(client, me)
    response = client.get("/contacts/")
    assert names(response) == ["Grace Hopper"]
    assert "Seen" in response.content.decode()
    assert "Unseen" not in response.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "/customers/",
        "/contacts/",
        "/customers/?columns=name,owner,email,phone,tags,parent,source,stage",
        "/customers/?q=a&sort=-created_at",
        "/customers/?sort=owner",
    ],
)
def test_queries_do_not_grow_with_rows(client, url, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    signed_in(client, AdministratorFactory())
    owner, tag, parent = UserFactory(), TagFactory(), CustomerFactory(name="A parent")
    counts = []
    for wanted in (1, 3, 30):
        while CustomerFactory._meta.model.objects.count() < wanted + 1:
            customer = CustomerFactory(
                name="A name", owner=owner, tags=[tag], parent=parent, source=SourceFactory()
            )
            ContactMethodFactory(customer=customer)
            ContactFactory(customer=customer, owner=owner)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    assert max(counts) <= 15
    assert counts[0] == counts[1]
    assert counts[2] <= counts[1] + 1  # the count behind the pager


def test_custom_fields_are_columns_filters_and_exported(client, admin):
    CustomField.objects.create(
        model="customers.customer", key="tier", label="Tier", kind="choice", choices=["Gold", "Silver"]
    )
    CustomField.objects.create(model="customers.customer", key="seats", label="Seats", kind="number")
    CustomField.objects.create(model="customers.customer", key="old", label="Old", kind="text", archived=True)
    CustomerFactory(name="Acme", custom={"tier": "Gold", "seats": 12})
    CustomerFactory(name="Beta", custom={"tier": "Silver"})
    assert names(get(client, "custom.tier=Gold")) == ["Acme"]
    assert names(get(client, "custom.seats=12")) == ["Acme"]
    response = get(client, "custom.seats=many")
    assert names(response) == ["Acme", "Beta"]
    assert response.context["notices"]
    content = get(client, "columns=name,custom.tier,custom.seats").content.decode()
    assert ">Gold</td>" in content
    assert ">12</td>" in content
    file = b"".join(client.get(f"{URL}export/?columns=name,custom.tier").streaming_content).decode(
        "utf-8-sig"
    )
    assert file == "Name,Tier\r\nAcme,Gold\r\nBeta,Silver\r\n"
    assert "custom.old" not in get(client, "part=columns").content.decode()


def test_totals_keep_currencies_apart(client, admin):
    CustomerFactory(name="A", annual_revenue=100, currency="EUR")
    CustomerFactory(name="B", annual_revenue=50, currency="EUR")
    CustomerFactory(name="C", annual_revenue=7, currency="USD")
    response = get(client, "columns=name,annual_revenue&totals=1")
    assert response.context["sums"] == ["", "€150 · $7"]
    assert response.context["exact"] == 3


def test_an_analyst_reads_and_cannot_select(client):
    CustomerFactory(name="Acme")
    signed_in(client, AnalystFactory())
    response = get(client)
    assert names(response) == ["Acme"]
    content = response.content.decode()
    assert 'name="selected"' not in content
    assert reverse("customers:customer_create") not in response.context["create_url"]


# Saved views


def test_a_saved_view_opens_its_state_and_save_appears_when_changed(client, admin):
    CustomerFactory(name="Acme", country="Italy")
    CustomerFactory(name="Beta")
    client.post("/views/customers/new/", {"name": "Italians", "query": "country=Italy&sort=-name&page=3"})
    view = SavedView.objects.get()
    assert view.query == "country=Italy&sort=-name"
    response = get(client, f"view={view.pk}")
    assert names(response) == ["Acme"]
    assert not response.context["views"].changed
    changed = get(client, f"view={view.pk}&country=Italy&sort=name")
    assert changed.context["views"].changed
    client.post(f"/views/{view.pk}/edit/", {"save": "query", "query": f"?view={view.pk}&country=Italy"})
    view.refresh_from_db()
    assert view.query == "country=Italy"


def test_a_default_view_opens_first_and_all_is_one_click_away(client, admin):
    CustomerFactory(name="Acme", country="Italy")
    CustomerFactory(name="Beta")
    client.post("/views/customers/new/", {"name": "Italians", "query": "country=Italy", "is_default": "on"})
    client.post("/views/customers/new/", {"name": "Others", "query": "country=", "is_default": "on"})
    assert SavedView.objects.filter(is_default=True).count() == 1
    SavedView.objects.filter(name="Others").delete()
    SavedView.objects.update(is_default=True)
    assert names(get(client)) == ["Acme"]
    assert names(get(client, "view=all")) == ["Acme", "Beta"]


def test_a_shared_view_never_shows_more_than_its_reader_may_see(client):
    owner = AdministratorFactory()
    view = SavedView.objects.create(
        page="customers", name="Everything", query="sort=-name", owner=owner, shared=True
    )
    private = SavedView.objects.create(
        page="customers", name="Private plans", query="sort=-name", owner=owner
    )
    CustomerFactory(name="Hidden", team=TeamFactory())
    me = UserFactory(team=TeamFactory())
    CustomerFactory(name="Mine", owner=me)
    signed_in(client, me)
    response = get(client, f"view={view.pk}")
    assert names(response) == ["Mine"]
    assert "Private plans" not in response.content.decode()
    assert get(client, f"view={private.pk}").context["views"].current is None
    for url in (f"/views/{view.pk}/edit/", f"/views/{private.pk}/edit/"):
        assert client.post(url, {"name": "x"}).status_code == 404
    assert client.post(f"/views/{private.pk}/delete/").status_code == 404
    assert client.post(f"/views/{view.pk}/delete/").status_code == 403


def test_sharing_needs_the_right_to_share(client):
    me = UserFactory()
    signed_in(client, me)
    client.post("/views/customers/new/", {"name": "Mine", "query": "", "shared": "on"})
    assert not SavedView.objects.get(owner=me).shared
