"""Contracts from draft to end: what may change when, documents, duties, renewal."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.constants import Role
from accounts.models import Notification
from activities.models import Task
from core.exceptions import RuleViolation, StaleRecord
from core.periods import period_of
from core.undo_service import undo
from deals.constants import ContractStatus, PaymentStatus, Renewal
from deals.models import Contract, ContractVersion, Obligation, Order, Payment
from deals.selectors.renewals import renewals, yearly
from deals.selectors.revenue import paid_of, revenue
from deals.services import contracts as services
from deals.services import orders
from deals.services.contract_nightly import end_contracts, remind_of_contracts
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import (
    ContractFactory,
    ContractVersionFactory,
    DealFactory,
    DealLineFactory,
    ExchangeRateFactory,
    OrderFactory,
    PaymentFactory,
)
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db
D = Decimal
DAY = date(2026, 11, 16)
PDF = b"%PDF-1.7\nterms\n%%EOF\n"


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(datetime(2026, 11, 16, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def seller() -> Any:
    return UserFactory(role=Role.SALES, team=TeamFactory())


def pdf(content: bytes = PDF, name: str = "terms.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def signed(**more: Any) -> Contract:
    return ContractFactory(status=ContractStatus.SIGNED, **more)


def won(seller: Any, **more: Any) -> Any:
    return DealFactory(stage=stage(kind="won"), owner=seller, team=seller.team, **more)


def test_a_contract_gets_the_next_number_and_its_day_of_notice(seller: Any) -> None:
    data = {"title": "Care", "customer": CustomerFactory(), "currency": "EUR", "ends_on": date(2027, 12, 31)}
    first = services.create_contract(data={**data, "notice_days": 90}, actor=seller)
    second = services.create_contract(data=data, actor=seller)
    assert (first.number, second.number) == ("C-2026-0001", "C-2026-0002")
    assert (first.notice_on, second.notice_on) == (date(2027, 10, 2), None)
    assert (first.owner, first.team, first.status) == (seller, seller.team, ContractStatus.DRAFT)
    services.update_contract(contract=first, data={"notice_days": None}, actor=seller)
    first.refresh_from_db()
    assert first.notice_on is None


def test_a_won_deal_leads_to_one_contract_and_one_order(seller: Any) -> None:
    deal = won(seller, amount=D("900.00"))
    DealLineFactory(deal=deal, quantity=2, unit_price=D("300"), net=D("600.00"), unit_cost=D("100"))
    DealLineFactory(deal=deal, quantity=1, unit_price=D("300"), net=D("300.00"), unit_cost=D("50"))
    contract = services.contract_from_deal(deal, actor=seller)
    assert (contract.title, contract.value, contract.customer_id) == (
        deal.name,
        D("900.00"),
        deal.customer_id,
    )
    order = orders.order_from_deal(deal, actor=seller)
    assert (order.total, order.cost, order.number, order.contract) == (
        D("900.00"),
        D("250.00"),
        "O-2026-0001",
        None,
    )
    assert [line.total for line in order.lines.order_by("position")] == [D("600.00"), D("300.00")]
    for again in (services.contract_from_deal, orders.order_from_deal):
        with pytest.raises(RuleViolation, match="already"):
            again(deal, actor=seller)
    assert (Contract.objects.count(), Order.objects.count()) == (1, 1)
    undo(order.origin, actor=seller)
    assert orders.order_from_deal(deal, actor=seller).number == "O-2026-0002"


def test_only_a_won_deal_with_a_customer_leads_to_documents(seller: Any) -> None:
    with pytest.raises(RuleViolation, match="won deal"):
        services.contract_from_deal(DealFactory(owner=seller), actor=seller)
    with pytest.raises(RuleViolation, match="which customer"):
        orders.order_from_deal(won(seller, customer=None), actor=seller)
    with pytest.raises(RuleViolation, match="neither"):
        orders.order_from_deal(won(seller, amount=None), actor=seller)
    assert not Contract.objects.exists()
    assert not Order.objects.exists()


def test_versions_are_numbered_and_keep_the_checksum_of_what_came_in(seller: Any) -> None:
    contract = ContractFactory(owner=seller)
    first = services.add_version(contract, file=pdf(), actor=seller)
    second = services.add_version(contract, file=pdf(PDF + b"2", "../../v2.pdf"), actor=seller)
    assert [first.number, second.number] == [1, 2]
    assert second.file_name == "v2.pdf"
    assert second.sha256 == hashlib.sha256(PDF + b"2").hexdigest()
    assert Path(second.document.path).read_bytes() == PDF + b"2"
    assert "v2" not in second.document.name


@pytest.mark.parametrize(("content", "message"), [(b"", "empty"), (b"MZ not a pdf", "not a PDF")])
def test_what_is_no_pdf_is_refused_and_leaves_nothing(seller: Any, content: bytes, message: str) -> None:
    with pytest.raises(RuleViolation, match=message):
        services.add_version(ContractFactory(), file=pdf(content), actor=seller)
    assert not ContractVersion.objects.exists()


def test_what_was_signed_changes_by_amendment_only(seller: Any) -> None:
    contract = ContractFactory(owner=seller)
    services.add_version(contract, file=pdf(), actor=seller)
    services.sign_contract(contract, signed_on=DAY, file=pdf(PDF + b"signed"), actor=seller)
    contract.refresh_from_db()
    version = contract.versions.get()
    assert (contract.status, contract.starts_on, version.signed_on) == (ContractStatus.SIGNED, DAY, DAY)
    assert version.signed_sha256 == hashlib.sha256(PDF + b"signed").hexdigest()
    with pytest.raises(RuleViolation, match="amendment"):
        services.update_contract(contract=contract, data={"value": D(1)}, actor=seller)
    services.update_contract(
        contract=contract, data={"description": "x", "value": contract.value}, actor=seller
    )
    with pytest.raises(RuleViolation, match="what the amendment changes"):
        services.add_version(contract, file=pdf(), actor=seller)
    with pytest.raises(RuleViolation, match="signed already"):
        services.sign_contract(contract, signed_on=DAY, actor=seller)
    amendment = services.add_version(
        contract, file=pdf(), summary="Price up", changes={"value": D(13000)}, actor=seller
    )
    contract.refresh_from_db()
    assert (amendment.number, contract.value) == (2, D(13000))
    services.sign_contract(contract, signed_on=DAY, actor=seller)
    assert contract.versions.get(number=2).signed_on == DAY


def test_nobody_signs_in_the_future(seller: Any) -> None:
    with pytest.raises(RuleViolation, match="not come yet"):
        services.sign_contract(ContractFactory(), signed_on=DAY + timedelta(days=1), actor=seller)


def test_a_stale_form_is_refused(seller: Any) -> None:
    contract = ContractFactory(owner=seller)
    services.update_contract(contract=contract, data={"title": "Theirs"}, actor=seller, expected_version=1)
    with pytest.raises(StaleRecord):
        services.update_contract(contract=contract, data={"title": "Mine"}, actor=seller, expected_version=1)
    assert Contract.objects.get().title == "Theirs"


def test_notice_lets_the_contract_run_to_its_end(seller: Any) -> None:
    contract = signed(owner=seller, ends_on=date(2027, 6, 30), renewal=Renewal.AUTOMATIC, renewal_months=12)
    with pytest.raises(RuleViolation, match="Say why"):
        services.terminate_contract(contract, ends_on=DAY, reason=" ", actor=seller)
    change = services.terminate_contract(
        contract, ends_on=date(2026, 12, 31), reason="Too dear", actor=seller
    )
    contract.refresh_from_db()
    assert (contract.status, contract.renewal) == (ContractStatus.SIGNED, Renewal.NONE)
    end_contracts(date(2027, 1, 1))
    contract.refresh_from_db()
    assert (contract.status, contract.ends_on) == (ContractStatus.TERMINATED, date(2026, 12, 31))
    assert change.reason == "Too dear"


@pytest.mark.parametrize(
    ("ends", "months", "day", "expected"),
    [
        (date(2026, 12, 31), 12, date(2027, 1, 1), date(2027, 12, 31)),
        (date(2026, 12, 31), 1, date(2027, 3, 5), date(2027, 3, 31)),
        (date(2027, 2, 28), 12, date(2027, 3, 1), date(2028, 2, 29)),
        (date(2026, 8, 30), 6, date(2026, 8, 31), date(2027, 2, 27)),
    ],
)
def test_a_contract_that_renews_itself_runs_on(ends: date, months: int, day: date, expected: date) -> None:
    contract = signed(ends_on=ends, renewal=Renewal.AUTOMATIC, renewal_months=months)
    assert end_contracts(ends) == 0
    assert end_contracts(day) == 1
    assert end_contracts(day) == 0
    contract.refresh_from_db()
    assert (contract.status, contract.ends_on) == (ContractStatus.SIGNED, expected)


def test_the_end_of_the_others() -> None:
    contract = signed(ends_on=DAY)
    draft = ContractFactory(ends_on=DAY)
    end_contracts(DAY + timedelta(days=1))
    for one in (contract, draft):
        one.refresh_from_db()
    assert (contract.status, draft.status) == (ContractStatus.ENDED, ContractStatus.DRAFT)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_later(day: date, months: int) -> None:
    found = services.later(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_owners_are_reminded_once_before_notice_or_end(seller: Any) -> None:
    notice = signed(owner=seller, ends_on=date(2027, 3, 1), notice_days=90)
    end = signed(owner=seller, ends_on=date(2026, 12, 10))
    signed(owner=seller, ends_on=date(2027, 3, 1))
    signed(owner=None, ends_on=date(2026, 12, 10))
    given_notice = signed(owner=seller, ends_on=date(2026, 12, 10), termination_reason="x")
    assert remind_of_contracts(DAY) == 2
    assert remind_of_contracts(DAY) == 0
    told = sorted(Notification.objects.filter(user=seller).values_list("url", flat=True))
    assert told == sorted(one.get_absolute_url() for one in (notice, end))
    assert given_notice.reminded_at is None


def test_a_duty_with_a_day_and_somebody_responsible_is_a_task(client: Client, seller: Any) -> None:
    client.force_login(seller)
    contract = signed(owner=seller, team=seller.team, customer=CustomerFactory(owner=seller))
    sent = {"side": "us", "text": "Train the users", "due_on": "2026-12-01", "responsible": seller.pk}
    assert client.post(f"/contracts/{contract.pk}/duties/new/", sent).status_code == 302
    duty, task = Obligation.objects.get(), Task.objects.get()
    assert (task.assignee, task.due_on, task.obligation) == (seller, date(2026, 12, 1), duty)
    assert task.title == f"{contract.number}: Train the users"
    url = f"/contracts/duties/{duty.pk}/edit/"
    assert client.post(url, {**sent, "due_on": "2026-12-08", "version": 1}).status_code == 302
    task.refresh_from_db()
    assert task.due_on == date(2026, 12, 8)
    duty.refresh_from_db()
    done = {**sent, "due_on": "2026-12-08", "done_on": "2026-11-16", "version": duty.version}
    assert client.post(url, done).status_code == 302
    task.refresh_from_db()
    assert (task.done_at is not None, task.done_by) == (True, seller)
    undo(duty.origin.__class__.objects.order_by("-pk")[0], actor=seller)
    task.refresh_from_db()
    duty.refresh_from_db()
    assert (task.done_at, duty.done_on) == (None, None)
    assert client.post(f"/contracts/duties/{duty.pk}/delete/").status_code == 302
    assert not Task.objects.alive().exists()


def test_renewals_are_ordered_by_the_day_of_decision_and_summed(seller: Any) -> None:
    ExchangeRateFactory(currency="USD", rate=D("0.50"))
    mine = {"owner": seller, "team": seller.team}
    far = signed(**mine, ends_on=DAY + timedelta(days=80), recurring_amount=D(100), recurring_period="month")
    notice = signed(**mine, ends_on=DAY + timedelta(days=200), notice_days=180, value=D(500), currency="USD")
    signed(**mine, ends_on=DAY + timedelta(days=300))
    unpriced = signed(**mine, ends_on=DAY + timedelta(days=10), currency="GBP")
    past = signed(**mine, ends_on=DAY - timedelta(days=3), value=None)
    signed(owner=UserFactory(), ends_on=DAY)
    ContractFactory(**mine, ends_on=DAY)
    found = renewals(seller, day=DAY, within=90)
    assert [(one.contract, one.days, one.is_notice) for one in found.rows] == [
        (past, -3, False),
        (unpriced, 10, False),
        (notice, 20, True),
        (far, 80, False),
    ]
    assert (found.yearly, found.unpriced) == (D(1450), 2)


def test_what_a_contract_brings_in_a_year() -> None:
    term = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 12, 31)}
    assert yearly(Contract(value=D(7300), **term)) == D("3650.00")
    assert yearly(Contract(value=D(7300), starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31))) == D(7300)
    assert yearly(Contract(value=D(7300))) == D(7300)
    assert yearly(Contract(recurring_amount=D(10), recurring_period="quarter", value=D(99))) == D(40)
    assert yearly(Contract()) is None


def test_a_renewal_takes_over_what_was_agreed_and_follows_the_term(client: Client, seller: Any) -> None:
    before = signed(
        owner=seller, team=seller.team, customer=CustomerFactory(owner=seller),
        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), notice_days=30,
    )  # fmt: skip
    client.force_login(seller)
    page = client.get(f"/contracts/new/?renews={before.pk}")
    initial = page.context["form"].initial
    assert (initial["starts_on"], initial["ends_on"]) == (date(2027, 1, 1), date(2027, 12, 31))
    sent = {
        "title": before.title, "customer": before.customer_id, "kind": "project", "value": "1",
        "currency": "EUR", "starts_on": "2027-01-01", "ends_on": "2027-12-31", "renewal": "manual",
        "owner": seller.pk,
    }  # fmt: skip
    assert client.post(f"/contracts/new/?renews={before.pk}", sent).status_code == 302
    assert Contract.objects.get(renews=before).starts_on == date(2027, 1, 1)
    hidden = signed(owner=UserFactory())
    assert client.get(f"/contracts/new/?renews={hidden.pk}").status_code == 404


def test_documents_are_downloads_for_those_who_see_the_contract(client: Client, seller: Any) -> None:
    version = ContractVersionFactory(contract=ContractFactory(owner=seller))
    client.force_login(seller)
    response = client.get(f"/contracts/versions/{version.pk}/document/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(response).startswith(b"%PDF-")
    assert client.get(f"/contracts/versions/{version.pk}/signed/").status_code == 404
    client.force_login(UserFactory(team=TeamFactory()))
    assert client.get(f"/contracts/versions/{version.pk}/document/").status_code == 404


def test_the_trash_keeps_a_contract_whole(seller: Any) -> None:
    version = ContractVersionFactory(contract=ContractFactory(owner=seller))
    services.delete_contract(contract=version.contract, actor=seller)
    assert not ContractVersion.objects.alive().exists()
    services.restore_contract(Contract.objects.get(), actor=seller)
    assert ContractVersion.objects.alive().get().contract.in_trash is False


def test_money_of_an_order() -> None:
    order = OrderFactory(total=D(100))
    for status, amount, due in (("due", 30, "2026-11-01"), ("due", 10, "2026-12-01"), ("refunded", 5, None)):
        PaymentFactory(order=order, status=status, amount=D(amount), due_on=due and date.fromisoformat(due))
    PaymentFactory(order=order, status="paid", amount=D(25), paid_on=DAY)
    PaymentFactory(order=order, status="cancelled", amount=D(99))
    found = paid_of(order, list(Payment.objects.alive()), DAY)
    assert (found.paid, found.due, found.overdue, found.open) == (D(20), D(40), D(30), D(40))
    assert orders.rest_of(order) == D(35)


def test_a_payment_is_paid_once(seller: Any) -> None:
    payment = PaymentFactory()
    assert orders.mark_paid(payment, actor=seller) is not None
    assert orders.mark_paid(payment, actor=seller) is None
    payment.refresh_from_db()
    assert (payment.status, payment.paid_on, payment.version) == (PaymentStatus.PAID, DAY, 2)
    with pytest.raises(RuleViolation):
        orders.mark_paid(PaymentFactory(status="cancelled"), actor=seller)


def test_payments_through_the_page(client: Client) -> None:
    client.force_login(AdministratorFactory())
    order = OrderFactory(total=D(100))
    assert client.get(f"/orders/{order.pk}/payments/new/").context["form"].initial["amount"] == D(100)
    assert (
        client.post(f"/orders/{order.pk}/payments/new/", {"amount": "60", "status": "paid"}).status_code
        == 302
    )
    assert Payment.objects.get().paid_on == DAY
    assert (
        client.post(f"/orders/{order.pk}/payments/new/", {"amount": "-1", "status": "due"}).status_code == 422
    )
    assert "Paid €60.00" in " ".join(client.get(f"/orders/{order.pk}/").content.decode().split())


def test_revenue_by_month_and_channel(client: Client) -> None:
    boss = AdministratorFactory()
    ExchangeRateFactory(currency="USD", rate=D("0.50"))
    for total, channel, currency, month in (
        ("100", "Shop", "EUR", 1), ("-10", "Shop", "EUR", 1), ("50", "", "USD", 1), ("7", "Fair", "EUR", 12),
        ("5", "Fair", "GBP", 12),
    ):  # fmt: skip
        OrderFactory(
            total=D(total),
            channel=channel,
            currency=currency,
            ordered_at=datetime(2026, month, 31, 23, tzinfo=UTC),
        )
    OrderFactory(total=D(999), ordered_at=datetime(2027, 1, 1, tzinfo=UTC))
    found = revenue(boss, period_of(DAY, "year"))
    assert found.channels == ["Shop", "", "Fair"]
    assert (found.cells[date(2026, 1, 1), "Shop"], found.by_month[date(2026, 12, 1)]) == (D(90), D(7))
    assert (found.total, found.orders, found.unpriced) == (D(122), 5, 1)
    client.force_login(boss)
    page = client.get("/revenue/?period=2026")
    assert page.context["rows"][0][4] == D(115)
    link = page.context["rows"][0][2][0][1]
    assert len(client.get(link).context["rows"]) == 2
