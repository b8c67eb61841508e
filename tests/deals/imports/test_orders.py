"""Orders from files: lines grouped, returns, customers, whole or not at all."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import F, Sum

from core.imports import reading
from core.models import ImportRow, ImportRun
from customers.models import Customer
from deals.models import Order, OrderLine
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, run_trial, shared, upload
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
CSV = (
    HEAD + "1,85123A,HEART,6,2010-12-01 08:26,2.55,17850,United Kingdom\n"
    "1,POST,POSTAGE,1,2010-12-01 08:27,3.001,17850,United Kingdom\n"
    "2,22,GIFT,1,2010-12-01 09:00,0,,France\n"
    "C3,85123A,HEART,-2,2010-12-02 09:00,2.55,17850,United Kingdom\n"
    "4,TEST001,TEST,1,2010-12-02 09:00,9,,France\n"
    "5,22,GIFT,-3,2010-12-02 10:00,0,,France\n"
    "1,23,LATE LINE,2,2010-12-01 08:20,1.25,17850,United Kingdom\n"
)


@pytest.fixture
def actor():
    return AdministratorFactory()


def test_lines_become_orders(actor, monkeypatch, django_capture_on_commit_callbacks):
    # Two rows a chunk: the first order is cut in two and still whole in the end.
    monkeypatch.setattr(reading, "CHUNK", 2)
    monkeypatch.setattr(reading.chunks, "__defaults__", (None, 2))
    run = upload(CSV, actor=actor)
    assert run.target == "deals.order"
    assert run.mapping["preset"] == "online-retail"
    trial = run_trial(run, django_capture_on_commit_callbacks)
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == trial["rows"] == {"created": 6, "skipped": 1}
    assert (
        counts["made"] == trial["made"] == {"deals.order": 4, "deals.orderline": 6, "customers.customer": 1}
    )
    orders = Order.objects.order_by("number").values_list("number", "total", "is_return", "currency")
    assert list(orders) == [
        ("1", Decimal("20.80"), False, "GBP"),
        ("2", Decimal("0.00"), False, "GBP"),
        ("5", Decimal("0.00"), False, "GBP"),
        ("C3", Decimal("-5.10"), True, "GBP"),
    ]
    first = Order.objects.get(number="1")
    assert [line.position for line in first.lines.all()] == [1, 2, 3]
    assert first.ordered_at.isoformat() == "2010-12-01T08:20:00+00:00"
    customer = Customer.objects.get()
    assert (customer.name, customer.external_id, customer.country) == (
        "Customer 17850",
        "17850",
        "United Kingdom",
    )
    assert first.customer == customer
    assert Order.objects.get(number="2").customer is None
    notes = {code: number for code, _text, number in counts["notes"]}
    assert notes["returns"] == 1
    assert notes["no_customer"] == 2
    assert notes["zero_price"] == 2
    assert notes["stock"] == 1
    assert notes["carriage"] == 1
    assert ImportRow.objects.get(run=run, trial=False).reason == "A test of the shop, not a sale."


def test_an_order_goes_in_whole_or_not_at_all(actor, django_capture_on_commit_callbacks):
    content = HEAD + "1,a,A,1,2010-12-01,2,,\n1,b,B,x,2010-12-01,2,,\n2,a,A,1,2010-12-01,2,,\n3,a,A,1,,2,,\n"
    counts = run_import(upload(content, actor=actor), django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 1, "error": 3}
    assert list(Order.objects.values_list("number", flat=True)) == ["2"]


def test_orders_that_are_there_are_left_alone(actor, django_capture_on_commit_callbacks):
    run_import(upload(CSV, actor=actor), django_capture_on_commit_callbacks)
    before = dump()
    counts = run_import(upload(CSV, actor=actor), django_capture_on_commit_callbacks)
    assert counts["rows"] == {"skipped": 7}
    assert dump() == before


def test_orders_of_a_customer_of_somebody_else_stay_out(django_capture_on_commit_callbacks):
    CustomerFactory(external_id="17850", owner=UserFactory())
    counts = run_import(upload(CSV, actor=UserFactory()), django_capture_on_commit_callbacks)
    assert counts["rows"] == {"skipped": 5, "created": 2}


def test_undo_takes_orders_and_customers_back(actor, django_capture_on_commit_callbacks):
    from core.imports import services

    before = dump()
    run = upload(CSV, actor=actor)
    run_import(run, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        services.start_undo(run, actor=run.created_by)
    assert dump() == before


@pytest.mark.slow
def test_the_whole_online_retail_file(actor):
    path = shared("online_retail/online_retail.csv")
    call_command("import_file", str(path), mapping="online-retail", json=True)
    run = ImportRun.objects.get()
    exact, orders = Decimal(0), {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            amount = Decimal(row["Quantity"]) * Decimal(row["UnitPrice"])
            exact += amount
            orders[row["InvoiceNo"]] = orders.get(row["InvoiceNo"], Decimal(0)) + amount
    assert run.counts["run"]["rows"] == {"created": 541_909}
    assert Order.objects.count() == len(orders) == 25_900
    assert OrderLine.objects.count() == 541_909
    assert Customer.objects.count() == 4_372
    amount = OrderLine.objects.aggregate(sum=Sum(F("quantity") * F("unit_price")))["sum"]
    assert Decimal(amount).quantize(Decimal("0.001")) == exact == Decimal("9747747.934")
    saved = dict(Order.objects.values_list("number", "total"))
    assert all(abs(saved[number] - total) <= Decimal("0.005") for number, total in orders.items())
    notes = {code: number for code, _text, number in run.counts["run"]["notes"]}
    assert notes == {
        "returns": 3_838,
        "no_customer": 3_710,
        "no_customer_lines": 135_080,
        "two_times": 43,
        "zero_price": 2_515,
        "negative_price": 2,
        "stock": 1_336,
        "carriage": 2_110,
        "charge": 87,
        "manual": 575,
        "discount": 77,
        "sample": 63,
        "rounded": 4,
        "new_customer": 4_372,
    }
