"""Customers with whom nobody was in touch for as long as personal data is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Notification
from accounts.navigation import navigation
from accounts.organisation import forget_organisation, get_organisation
from customers.models import Customer
from customers.selectors.retention import EARLIEST, months_before, overdue_customers
from customers.services.personal_data import erase_person
from customers.services.retention import propose_erasure
from tests.factories.accounts import AdministratorFactory, OrganisationFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import OrderFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
TODAY = date(2026, 5, 31)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
URL = "/settings/retention/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin():
    return AdministratorFactory()


def keep(months: int | None, **more: object) -> None:
    row = get_organisation()
    for name, value in {"retention_months": months, **more}.items():
        setattr(row, name, value)
    row.save()
    forget_organisation()


def customer(name: str, *, created: datetime = LONG_AGO, contacted: datetime | None = None) -> Customer:
    row = CustomerFactory(name=name)
    Customer.objects.filter(pk=row.pk).update(created_at=created, last_contacted_at=contacted)
    row.refresh_from_db()
    return row


def proposed(months: int = 3) -> list[str]:
    return [row.name for row in overdue_customers(TODAY, months)]


def page(user: object, **query: object):
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client.get(URL, query)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2024, 5, 31), 3, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
        (date(2026, 5, 31), 32767, EARLIEST),
    ],
)
def test_months_are_those_of_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected


def test_the_latest_of_contact_creation_and_order_counts() -> None:
    customer("silent")
    customer("new", created=datetime(2026, 3, 1, tzinfo=UTC))
    customer("called", contacted=datetime(2026, 3, 1, tzinfo=UTC))
    customer("called long ago", contacted=datetime(2025, 3, 1, tzinfo=UTC))
    OrderFactory(customer=customer("bought"), ordered_at=datetime(2026, 3, 1, tzinfo=UTC))
    OrderFactory(customer=customer("bought long ago"), ordered_at=datetime(2024, 3, 1, tzinfo=UTC))
    order = OrderFactory(customer=customer("order in the trash"), ordered_at=datetime(2026, 3, 1, tzinfo=UTC))
    type(order)._base_manager.filter(pk=order.pk).update(deleted_at=NOW)
    Customer.objects.filter(pk=customer("in the trash").pk).update(deleted_at=NOW)

    assert proposed() == ["silent", "order in the trash", "bought long ago", "called long ago"]
    assert [f"{row.last_touch:%Y-%m-%d}" for row in overdue_customers(TODAY, 3)] == [
        "2020-01-01", "2020-01-01", "2024-03-01", "2025-03-01",
    ]  # fmt: skip


def test_the_day_itself_is_not_over_and_begins_where_the_organisation_is() -> None:
    OrganisationFactory(time_zone="Asia/Shanghai")
    forget_organisation()
    # 28 February begins in Shanghai at 16:00 UTC of the 27th.
    customer("before", contacted=datetime(2026, 2, 27, 15, 59, 59, tzinfo=UTC))
    customer("on the day", contacted=datetime(2026, 2, 27, 16, tzinfo=UTC))
    assert proposed() == ["before"]


def test_whoever_was_erased_is_not_proposed_again(admin) -> None:
    row = customer("silent")
    erase_person(row, actor=admin, typed_name="silent")
    assert proposed() == []


def test_the_page_lists_them_with_the_way_to_erasure(admin) -> None:
    keep(3)
    rows = [customer(f"Silent {number:02d}") for number in range(52)]
    answer = page(admin)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "52 customers are proposed for erasure." in text
    assert "for more than 3 months, since 28 Feb 2026" in text
    assert text.count('class="primary-cell"') == 50
    assert reverse("customers:personal_erase", args=["customer", rows[0].pk]) in text
    assert page(admin, page="2").content.decode().count('class="primary-cell"') == 2


def test_the_page_says_when_there_is_nobody_or_no_time_is_set(admin) -> None:
    keep(3)
    assert "Nobody is proposed for erasure" in page(admin).content.decode()
    keep(None)
    assert "No time is set" in page(admin).content.decode()


def test_many_rows_need_no_more_queries(admin, django_assert_max_num_queries) -> None:
    keep(3)
    client = Client()
    client.force_login(admin)
    for number in range(20):
        customer(f"Silent {number}")
    client.get(URL)
    with django_assert_max_num_queries(10):
        client.get(URL)


def test_only_administrators() -> None:
    for role in ("sales", "manager", "analyst"):
        assert page(UserFactory(role=role)).status_code == 403
    assert Client().get(URL).status_code == 302


def test_the_navigation_and_the_settings_lead_there_only_when_a_time_is_set(admin) -> None:
    def addresses() -> set[str]:
        return {child.url for item in navigation(admin, "/") for child in item.children}

    client = Client()
    client.force_login(admin)
    assert URL not in addresses()
    assert URL not in client.get("/settings/organisation/").content.decode()
    keep(3)
    assert URL in addresses()
    assert f'<a href="{URL}">Retention</a>' in client.get("/settings/organisation/").content.decode()


def test_administrators_are_told_once_a_month(admin) -> None:
    UserFactory(role="manager")
    AdministratorFactory(is_active=False)
    assert propose_erasure(TODAY) == 0  # no time is set
    keep(3)
    assert propose_erasure(TODAY) == 0  # nobody
    customer("silent")
    assert [propose_erasure(date(2026, 5, day)) for day in (30, 31)] == [1, 0]
    assert propose_erasure(date(2026, 6, 1)) == 1
    notices = Notification.objects.order_by("pk")
    assert [(row.user, row.url, row.dedupe) for row in notices] == [
        (admin, URL, "retention:2026-05"),
        (admin, URL, "retention:2026-06"),
    ]
    assert notices[0].message == "Customers without contact for 3 months are proposed for erasure: 1"


def test_the_step_is_one_of_the_nightly_run() -> None:
    from core import nightly

    assert nightly._steps["customers.propose_erasure"] is propose_erasure
