"""Products from files: found again by code or name, with their list price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.imports.services import start_undo
from deals.models import Price, PriceBook, Product
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, run_trial, set_mapping, shared, upload
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.deals import PriceBookFactory, PriceFactory, ProductFactory

pytestmark = pytest.mark.django_db
D = Decimal
CSV = "Product code,Name,Category,List price,Tax (%),Cost\nA-1,Lamp,Light,19.90,19,8\n,Mug,Table,6.95,19,\n"


@pytest.fixture
def actor() -> Any:
    OrganisationFactory(base_currency="EUR")
    return UserFactory(role="manager")


def prices() -> dict[str, tuple[Decimal, str]]:
    rows = Price.objects.alive().select_related("product", "price_book")
    return {row.product.name: (row.unit_price, row.price_book.currency) for row in rows}


def test_the_sales_pipeline_file_goes_in_with_its_preset(
    actor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    path = shared("sales_pipeline/products.csv")
    run = upload(path.read_bytes(), actor=actor, target="deals.product")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 7}
    product = Product.objects.get(name="GTX Basic")
    assert (product.sku, product.category, product.sort_name) == ("GTX Basic", "GTX", "gtx basic")
    assert prices()["GTK 500"] == (D(26768), "EUR")
    [book] = PriceBook.objects.all()
    assert (book.name, book.is_default) == ("List prices EUR", True)
    again = upload(path.read_bytes(), actor=actor, target="deals.product")
    counts = run_import(again, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"unchanged": 7}
    assert (Product.objects.count(), Price.objects.count()) == (7, 7)


def test_a_trial_writes_nothing_and_says_the_same(
    actor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    run = upload(CSV, actor=actor, target="deals.product")
    before = dump()
    assert run_trial(run, django_capture_on_commit_callbacks)["rows"] == {"created": 2}
    assert dump() == before
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"created": 2}
    lamp = Product.objects.get(sku="A-1")
    assert (lamp.cost, lamp.cost_currency, lamp.tax_percent) == (D(8), "EUR", D(19))
    assert Product.objects.get(name="Mug").cost_currency == ""


def test_undo_takes_products_prices_and_the_book_away(
    actor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    before = dump()
    run = upload(CSV, actor=actor, target="deals.product")
    run_import(run, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        start_undo(run, actor=actor)
    assert dump() == before


def test_a_price_is_changed_only_where_the_person_said_so(
    actor: Any, django_capture_on_commit_callbacks: Any
) -> None:
    price = PriceFactory(
        price_book=PriceBookFactory(is_default=True),
        product=ProductFactory(sku="A-1", category="Old"),
        unit_price=D(15),
    )
    for fill, expected in (("empty", D(15)), ("overwrite", D("19.90"))):
        run = set_mapping(upload(CSV, actor=actor, target="deals.product"), duplicates="update", fill=fill)
        run_import(run, django_capture_on_commit_callbacks)
        price.refresh_from_db()
        assert price.unit_price == expected
    assert Product.objects.get(sku="A-1").category == "Light"
    assert Price.objects.filter(product=price.product).count() == 1


def test_rows_that_make_no_sense_stay_out(actor: Any, django_capture_on_commit_callbacks: Any) -> None:
    rows = "Name,List price,Tax (%)\n,5,0\nA,-1,0\nB,5,120\nC,x,0\nD,5,0\nD,6,0\n"
    run = upload(rows, actor=actor, target="deals.product")
    trial = run_trial(run, django_capture_on_commit_callbacks)["rows"]
    counts = run_import(run, django_capture_on_commit_callbacks)["rows"]
    assert trial == counts == {"error": 4, "created": 1, "skipped": 1}
    assert prices() == {"D": (D(5), "EUR")}
