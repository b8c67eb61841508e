"""The order list, one order, and the panel on the customer page."""

import pytest
from django.urls import reverse

from accounts.models import VisibilityRule
from core.panels import panels_for
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import OrderFactory

pytestmark = pytest.mark.django_db


def numbers(response):
    assert response.status_code == 200
    return [row["number"] for row in response.context["rows"]]


def test_orders_are_seen_with_their_customer(client):
    me = UserFactory(team=TeamFactory())
    mine = OrderFactory(number="MINE", customer=CustomerFactory(owner=me))
    hidden = OrderFactory(number="HIDDEN")
    nobodys = OrderFactory(number="NOBODY", customer=None)
    client.force_login(me)
    assert numbers(client.get("/orders/")) == ["MINE"]
    assert client.get(f"/orders/{mine.pk}/").status_code == 200
    for order in (hidden, nobodys):
        assert client.get(f"/orders/{order.pk}/").status_code == 404
    assert client.get(f"/customers/{hidden.customer_id}/orders/").status_code == 404


def test_who_sees_all_orders_is_not_told_the_names_of_hidden_customers(client):
    me = UserFactory(team=TeamFactory())
    VisibilityRule.objects.create(role="sales", kind="order", view="all", edit="none")
    order = OrderFactory(number="A-1", customer=CustomerFactory(name="Secret Ltd"))
    client.force_login(me)
    response = client.get("/orders/?columns=number,customer,customer_number")
    assert numbers(response) == ["A-1"]
    assert "Secret Ltd" not in response.content.decode()
    assert "Secret Ltd" not in client.get(f"/orders/{order.pk}/").content.decode()
    assert numbers(client.get("/orders/?q=Secret")) == []


def test_filters_order_and_totals(client):
    client.force_login(AdministratorFactory())
    customer = CustomerFactory(name="Acme")
    OrderFactory(number="A", customer=customer, total="10.00", currency="EUR", channel="Shop")
    OrderFactory(number="B", total="-3.00", currency="EUR", is_return=True)
    OrderFactory(number="C", total="5.00", currency="USD")
    assert numbers(client.get("/orders/?sort=total")) == ["B", "C", "A"]
    assert numbers(client.get(f"/orders/?customer={customer.pk}")) == ["A"]
    assert numbers(client.get("/orders/?is_return=true")) == ["B"]
    assert numbers(client.get("/orders/?channel=Shop")) == ["A"]
    assert numbers(client.get("/orders/?q=a")) == ["A"]
    assert client.get("/orders/?columns=number,total&totals=1").context["sums"] == ["", "€7 · $5"]


def test_an_order_with_its_lines(client):
    client.force_login(AdministratorFactory())
    order = OrderFactory(number="A-9", lines=3, customer=CustomerFactory(name="Acme"))
    content = client.get(order.get_absolute_url()).content.decode()
    assert content.count("A thing") == 3
    assert "Acme" in content


def test_the_panel(client):
    me = AdministratorFactory()
    client.force_login(me)
    customer = CustomerFactory()
    for n in range(7):
        OrderFactory(number=f"N{n}", customer=customer, total="2.50")
    panel = next(p for p in panels_for("customer", me) if p.key == "orders")
    response = client.get(panel.url(customer))
    assert (len(response.context["orders"]), response.context["count"]) == (5, 7)
    assert "€17.50" in response.content.decode()


def test_queries(client, django_assert_max_num_queries):
    client.force_login(AdministratorFactory())
    for _n in range(3):
        OrderFactory(lines=2)
    client.get("/orders/")
    with django_assert_max_num_queries(15):
        client.get("/orders/")


def test_the_admin_lists_orders(client):
    client.force_login(AdministratorFactory())
    order = OrderFactory(lines=1)
    assert client.get(reverse("admin:deals_order_changelist")).status_code == 200
    assert client.get(reverse("admin:deals_order_change", args=[order.pk])).status_code == 200
    assert client.get(reverse("admin:deals_orderline_changelist")).status_code == 200
