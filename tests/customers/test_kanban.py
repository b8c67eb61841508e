"""The board: its numbers, its cards, and who may move one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Customer, StageChange
from customers.selectors import board as selector
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, stage

pytestmark = pytest.mark.django_db
URL, MOVE = "/customers/board/", "/customers/board/move/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def admin(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


def column(response, kind):
    return next(c for c, _all, _rest in response.context["columns"] if c.stage.kind == kind)


def test_counts_sums_and_shares(client, admin):
    CustomerFactory(annual_revenue=100, currency="EUR")
    CustomerFactory(annual_revenue=50, currency="EUR")
    CustomerFactory(annual_revenue=9, currency="USD")
    CustomerFactory(stage=stage("loyal"))
    response = client.get(URL)
    lead = column(response, "lead")
    assert (lead.count, lead.share, lead.note) == (3, 75, "€150 · $9")
    assert column(response, "loyal").count == 1
    assert column(response, "lost").needs_reason


def test_cards(client, admin):
    now = timezone.now()
    CustomerFactory(
        name="Old",
        owner=admin,
        stage_since=now - timedelta(days=9),
        next_step_on=now.date() - timedelta(days=2),
    )
    CustomerFactory(name="New", next_step_on=now.date() + timedelta(days=2))
    CustomerFactory(name="None", stage_since=now - timedelta(days=1))
    cards = column(client.get(URL), "lead").cards
    assert [(card.name, card.next_step, card.days) for card in cards] == [
        ("New", "planned", 0),
        ("None", "none", 1),
        ("Old", "late", 9),
    ]


def test_further_cards_follow_and_the_list_has_the_rest(client, admin, monkeypatch):
    monkeypatch.setattr(selector, "CARDS", 9)
    monkeypatch.setattr("customers.views.kanban.CARDS", 9)
    for n in range(10):
        CustomerFactory(name=f"C{n}")
    response = client.get(URL)
    assert len(column(response, "lead").cards) == selector.FIRST
    rest = client.get(f"{URL}?rest={stage('lead').pk}")
    assert len(rest.context["cards"]) == 3
    assert f"?stage={stage('lead').pk}" in rest.context["all_url"]
    assert client.get(f"{URL}?rest=abc").status_code == 200


def test_filters_and_visibility(client):
    me = UserFactory(team=TeamFactory())
    CustomerFactory(name="Mine", owner=me, country="Italy")
    CustomerFactory(name="Mine too", owner=me)
    CustomerFactory(name="Hidden", country="Italy")
    client.force_login(me)
    assert column(client.get(URL), "lead").count == 2
    response = client.get(f"{URL}?country=Italy")
    assert [card.name for card in column(response, "lead").cards] == ["Mine"]
    assert "Hidden" not in response.content.decode()


def test_the_filters_of_the_list_open_on_the_board(client, admin):
    CustomerFactory(name="Italian", country="Italy")
    part = client.get(f"{URL}?country=Italy&part=filters", HTTP_HX_REQUEST="true")
    panel = {field.name for _title, fields in part.context["panel"] for field in fields}
    listed = client.get("/customers/?part=filters", HTTP_HX_REQUEST="true")
    assert panel == {field.name for _title, fields in listed.context["panel"] for field in fields}
    assert "<html" not in part.content.decode()
    whole = client.get(f"{URL}?country=Italy&part=filters")
    assert whole.context["panel"]
    assert column(whole, "lead").count == 1


def test_filters_go_along_from_the_list_to_the_board_and_back(client, admin):
    for page in (URL, "/customers/"):
        ways = [way["url"] for way in client.get(f"{page}?country=Italy&page=3").context["switches"]]
        assert ways == ["/customers/?country=Italy", f"{URL}?country=Italy", "/customers/funnel/"]


def test_a_move_is_written_and_answers_the_new_version(client, admin):
    customer = CustomerFactory(name="Acme")
    response = client.post(MOVE, {"card": customer.pk, "stage": stage("loyal").pk, "version": 1}, **JSON)
    assert response.status_code == 200
    assert response.json()["version"] == 2
    assert StageChange.objects.get().to_stage == stage("loyal")


def test_the_second_mover_is_told(client, admin):
    customer = CustomerFactory(name="Acme")
    client.post(MOVE, {"card": customer.pk, "stage": stage("loyal").pk, "version": 1}, **JSON)
    response = client.post(MOVE, {"card": customer.pk, "stage": stage("qualified").pk, "version": 1}, **JSON)
    assert response.status_code == 409
    assert "Acme" in response.json()["message"]
    assert Customer.objects.get().stage == stage("loyal")
    assert (
        client.post(MOVE, {"card": customer.pk, "stage": stage("qualified").pk, "version": 1}).status_code
        == 409
    )


def test_lost_asks_why(client, admin):
    customer = CustomerFactory()
    data = {"card": customer.pk, "stage": stage("lost").pk, "version": 1}
    assert client.post(MOVE, data, **JSON).status_code == 422
    page = client.post(MOVE, data)
    assert page.status_code == 422
    assert 'name="reason"' in page.content.decode()
    assert client.post(MOVE, data | {"reason": "Price"}).status_code == 302
    assert StageChange.objects.get().reason == "Price"


def test_who_may_move(client):
    team = TeamFactory()
    me = UserFactory(team=team)
    client.force_login(me)
    seen, hidden = CustomerFactory(team=team), CustomerFactory()
    target = stage("loyal").pk
    assert client.post(MOVE, {"card": seen.pk, "stage": target, "version": 1}, **JSON).status_code == 403
    assert client.post(MOVE, {"card": hidden.pk, "stage": target, "version": 1}, **JSON).status_code == 404
    assert client.get(f"/customers/{seen.pk}/move/").status_code == 403
    assert client.get(f"/customers/{hidden.pk}/move/").status_code == 404
    for nonsense in ("", "abc", "9" * 30, "-1"):
        assert client.post(MOVE, {"card": nonsense, "stage": target}, **JSON).status_code == 404
    assert Customer.objects.filter(stage=stage("lead")).count() == 2


def test_without_script_a_page_moves(client, admin):
    customer = CustomerFactory(name="Acme")
    assert "Acme" in client.get(f"/customers/{customer.pk}/move/").content.decode()
    response = client.post(MOVE, {"card": customer.pk, "stage": stage("loyal").pk, "version": 1})
    assert response.url == URL


def test_queries_do_not_grow_with_cards(client, admin, django_assert_max_num_queries):
    for kind in ("lead", "loyal", "lost", "customer", "qualified", "opportunity"):
        for _ in range(4):
            CustomerFactory(stage=stage(kind), owner=admin)
    client.get(URL)
    with django_assert_max_num_queries(15):
        client.get(URL)
