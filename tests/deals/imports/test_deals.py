"""Deals from files: stages, days, owners, customers, products, and the way back."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from accounts.clock import today
from accounts.constants import Role
from core.imports import reading, services
from core.models import ImportRow, ImportRun
from customers.models import Customer
from deals.models import Deal, DealLine, DealStageChange, LostReason, Product
from deals.selectors.totals import totals
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, run_trial, set_mapping, shared, upload
from tests.factories.accounts import AdministratorFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import DealFactory, ProductFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db

HEAD = "Deal id,Deal name,Customer name,Stage,Deal value,Opened on,Close date,Owner,Product,Lost reason\n"
CSV = (
    HEAD + "1,Roof,Acme,Won,1200.50,2026-01-05,2026-02-01,{owner},Tile,\n"
    "2,Floor,Acme,Lost,0,2026-01-05,2026-03-01,{owner},,Price\n"
    "3,Cellar,Bolt,Proposal,900,2026-04-01,2026-12-24,Nobody Known,Tile,\n"
    "4,,Acme,Lead-in,,,,,Tile,\n"
    "5,Bad,Acme,Nowhere,1,2026-01-05,,,,\n"
    "6,Worse,Acme,Won,1,2026-01-05,,,,\n"
    "7,Worst,Acme,Lost,-1,2026-01-05,2026-02-01,,,Bad luck\n"
)


@pytest.fixture
def actor() -> Any:
    return AdministratorFactory(name="Ada Admin")


def deals_file(actor: Any, content: str = CSV, target: str = "deals.deal") -> ImportRun:
    return upload(content.format(owner=actor.name), actor=actor, target=target)


def test_columns_are_recognised(actor: Any) -> None:
    assert deals_file(actor).mapping["columns"] == {
        "Deal id": "external_id", "Deal name": "name", "Customer name": "customer_name", "Stage": "stage",
        "Deal value": "amount", "Opened on": "opened_on", "Close date": "closed_on", "Owner": "owner",
        "Product": "product", "Lost reason": "lost_reason",
    }  # fmt: skip


def test_rows_become_deals_with_their_history(
    actor: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(reading.chunks, "__defaults__", (None, 2))
    tile = ProductFactory(name="Tile")
    run = deals_file(actor)
    trial = run_trial(run, django_capture_on_commit_callbacks)
    assert Deal.objects.count() == 0
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == trial["rows"] == {"created": 4, "error": 3}
    assert counts["made"] == trial["made"] == {"deals.deal": 4, "customers.customer": 2}
    notes = {code: number for code, _text, number in counts["notes"]}
    assert notes == {"new_customer": 2, "unknown_owner": 1, "no_line": 1}
    rows = Deal.objects.order_by("external_id").values_list(
        "name",
        "stage__name",
        "status",
        "amount",
        "opened_on",
        "closed_on",
        "expected_close_on",
        "probability",
    )
    assert list(rows) == [
        ("Roof", "Won", "won", Decimal("1200.50"), date(2026, 1, 5), date(2026, 2, 1), None, 100),
        ("Floor", "Lost", "lost", Decimal(0), date(2026, 1, 5), date(2026, 3, 1), None, 0),
        ("Cellar", "Proposal", "open", Decimal(900), date(2026, 4, 1), None, date(2026, 12, 24), 60),
        ("Tile · Acme", "Lead-in", "open", None, today(), None, None, 10),
    ]
    roof, floor, cellar, plain = Deal.objects.order_by("external_id")
    assert [deal.owner for deal in (roof, floor, cellar, plain)] == [actor, actor, None, None]
    assert floor.lost_reason == LostReason.objects.get(name="Price")
    moves = DealStageChange.objects.order_by("deal__external_id", "at").values_list(
        "deal__external_id", "from_stage__name", "to_stage__name", "seconds"
    )
    assert list(moves) == [
        ("1", None, "Lead-in", None),
        ("1", "Lead-in", "Won", 27 * 86_400),
        ("2", None, "Lead-in", None),
        ("2", "Lead-in", "Lost", 55 * 86_400),
        ("3", None, "Proposal", None),
        ("4", None, "Lead-in", None),
    ]
    lines = DealLine.objects.order_by("deal__external_id").values_list("deal__name", "product", "net")
    assert list(lines) == [("Roof", tile.pk, Decimal("1200.50")), ("Cellar", tile.pk, Decimal("900.00"))]
    assert {c.name: c.stage.kind for c in Customer.objects.all()} == {
        "Acme": "customer",
        "Bolt": "opportunity",
    }
    assert Deal.objects.search("acme roof").get() == roof
    reasons = (
        ImportRow.objects.filter(run=run, trial=False).order_by("number").values_list("reason", flat=True)
    )
    assert [reason.split(": ")[0] for reason in reasons] == ["Stage", "Close date", "Deal value"]


def test_wrong_names_are_put_right_in_the_review(actor: Any, django_capture_on_commit_callbacks: Any) -> None:
    run = set_mapping(
        deals_file(actor), values={"stage": {"Nowhere": "Qualified"}, "owner": {"Nobody Known": actor.email}}
    )
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 5, "error": 2}
    assert Deal.objects.get(name="Bad").stage == stage("Qualified")
    assert Deal.objects.get(name="Cellar").owner == actor


def test_a_file_taken_twice_makes_nothing_twice(actor: Any, django_capture_on_commit_callbacks: Any) -> None:
    content = (
        HEAD
        + "1,Roof,Acme,Won,5,2026-01-05,2026-02-01,,,\n1,Roof,Acme,Won,5,,2026-02-01,,,\n,Wall,Acme,,7,,,,,\n"
    )
    counts = run_import(deals_file(actor, content), django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 2, "skipped": 1}
    before = dump()
    trial = run_trial(deals_file(actor, content), django_capture_on_commit_callbacks)
    counts = run_import(deals_file(actor, content), django_capture_on_commit_callbacks)
    assert counts["rows"] == trial["rows"] == {"skipped": 3}
    assert dump() == before


def test_updates_fill_what_is_empty_or_replace_and_move(
    actor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    deal = DealFactory(external_id="1", name="Roof", amount=None, expected_close_on=today())
    content = HEAD + "1,New name,,Won,50,2026-01-05,2026-02-01,{owner},,\n"
    run = set_mapping(deals_file(actor, content), duplicates="update", fill="empty")
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"updated": 1}
    deal.refresh_from_db()
    assert (deal.name, deal.amount, deal.owner, deal.stage.name) == ("Roof", Decimal(50), actor, "Lead-in")
    run = set_mapping(deals_file(actor, content), duplicates="update", fill="overwrite")
    run_import(run, django_capture_on_commit_callbacks)
    deal.refresh_from_db()
    assert (deal.name, deal.stage.name, deal.closed_on) == ("New name", "Won", date(2026, 2, 1))
    assert DealStageChange.objects.get(deal=deal).to_stage == stage("Won")


def test_deals_and_customers_of_others_stay_as_they_are(django_capture_on_commit_callbacks: Any) -> None:
    other = UserFactory()
    DealFactory(external_id="1", owner=other, name="Theirs", customer=None)
    CustomerFactory(name="Bolt", owner=other)
    content = HEAD + "1,Mine,,Won,1,2026-01-05,2026-02-01,,,\n2,Mine,Bolt,Won,1,2026-01-05,2026-02-01,,,\n"
    seller = UserFactory(role=Role.SALES)
    run = set_mapping(deals_file(seller, content), duplicates="update", fill="overwrite")
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"skipped": 2}
    assert Deal.objects.get().name == "Theirs"


def test_undo_takes_everything_back(actor: Any, django_capture_on_commit_callbacks: Any) -> None:
    CustomerFactory(name="Acme")
    ProductFactory(name="Tile")
    before = dump()
    run = deals_file(actor)
    run_import(run, django_capture_on_commit_callbacks)
    assert dump() != before
    with django_capture_on_commit_callbacks(execute=True):
        services.start_undo(run, actor=actor)
    assert dump() == before
    assert totals(actor, by=()) == {}


def test_the_whole_sales_pipeline(actor: Any) -> None:
    """85 accounts, 7 products and 8,800 opportunities of the public data set, with their slips."""
    for file, mapping in (("accounts", "accounts"), ("products", "products"), ("sales_pipeline", "deals")):
        path = shared(f"sales_pipeline/{file}.csv")
        call_command("import_file", str(path), mapping=f"sales-pipeline-{mapping}", json=True)
    run = ImportRun.objects.order_by("-pk")[0]
    assert run.counts["run"]["rows"] == {"created": 8800}
    assert Customer.objects.count() == 85
    assert Product.objects.count() == 7
    status = dict(Deal.objects.order_by().values_list("status").annotate(n=Count("pk")))
    assert status == {"won": 4238, "lost": 2473, "open": 2089}
    assert Deal.objects.aggregate(Sum("amount"))["amount__sum"] == Decimal("10005534.00")
    assert Deal.objects.filter(status="open", amount__isnull=False).count() == 0
    at = Counter(Deal.objects.filter(status="open").values_list("stage__name", flat=True))
    assert at == {"Qualified": 1589, "Lead-in": 500}
    assert Deal.objects.filter(customer=None).count() == 1425
    lines = DealLine.objects.aggregate(all=Count("pk"), known=Count("product"), net=Sum("net"))
    assert lines == {"all": 6711, "known": 6711, "net": Decimal("10005534.00")}
    assert DealLine.objects.filter(product__name="GTX Pro").count() == len(gtx_pro())
    assert DealStageChange.objects.count() == 8800 + 6711
    won = DealStageChange.objects.filter(to_stage__kind="won", from_stage__name="Qualified")
    days = [move.seconds // 86_400 for move in won]
    assert len(days) == 4238
    assert round(sum(days) / len(days), 1) == 51.8
    notes = {code: number for code, _text, number in run.counts["run"]["notes"]}
    assert notes == {"unknown_owner": 8800, "no_customer": 1425, "no_line": 2089}
    found = totals(actor, by=("stage",))
    assert found[stage("Won").pk,].deals == 4238
    assert sum(total.unpriced for total in found.values()) == 8800, "there is no rate for dollars yet"


def gtx_pro() -> list[str]:
    """Opportunities of the misspelt product that were closed."""
    text = shared("sales_pipeline/sales_pipeline.csv").read_text(encoding="utf-8-sig")
    return [
        line for line in text.splitlines() if ",GTXPro," in line and (",Won," in line or ",Lost," in line)
    ]
