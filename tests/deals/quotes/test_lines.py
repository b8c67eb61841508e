"""Lines of deals and quotes: sums, one act with one undo, and two people at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.clock import today
from core.exceptions import RuleViolation, StaleRecord
from core.undo import undo
from deals.models import Deal, DealLine
from deals.selectors.lines import lines_of
from deals.selectors.prices import price_for, unit_cost
from deals.selectors.rates import Rates
from deals.services.lines import save_lines
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.deals import (
    DealFactory,
    DealLineFactory,
    ExchangeRateFactory,
    PriceBookFactory,
    PriceFactory,
    ProductFactory,
)

pytestmark = pytest.mark.django_db
D = Decimal


def row(**values: Any) -> dict[str, Any]:
    return {"description": "Licence", "quantity": D(1), "unit_price": D(100), **values}


def state(deal: Deal) -> list[tuple[str, Decimal]]:
    return [(line.description, line.net) for line in lines_of(deal)]


def test_the_amount_of_a_deal_is_the_net_sum_of_its_lines() -> None:
    deal, user = DealFactory(), UserFactory()
    rows = [
        row(description="A", quantity=D(3), unit_price=D("19.99"), tax_percent=D(19)),
        row(description="B", unit_price=D(50), discount_percent=D(10), recurring_period="month"),
    ]
    save_lines(deal, rows=rows, actor=user)
    assert state(deal) == [("A", D("59.97")), ("B", D("45.00"))]
    assert (deal.amount, deal.amount_base) == (D("104.97"), D("104.97"))
    assert (deal.recurring_amount, deal.recurring_period) == (D("45.00"), "month")


def test_rows_change_add_reorder_and_remove_lines_in_one_act_with_one_undo() -> None:
    deal, user = DealFactory(), UserFactory()
    save_lines(deal, rows=[row(description="A"), row(description="B")], actor=user)
    first, second = lines_of(deal)
    save_lines(
        deal,
        rows=[
            row(description="C", unit_price=D(7)),
            {**row(description="A2", unit_price=D(5)), "id": first.pk},
        ],
        actor=user,
    )
    assert state(deal) == [("C", D("7.00")), ("A2", D("5.00"))]
    assert DealLine.objects.get(pk=second.pk).in_trash
    assert deal.amount == D("12.00")
    change = save_lines(deal, rows=[], actor=user)
    assert change is not None
    assert (state(deal), deal.amount) == ([], D("12.00"))  # from here on the amount is typed in
    undo(change, actor=user)
    deal.refresh_from_db()
    assert state(deal) == [("C", D("7.00")), ("A2", D("5.00"))]


def test_an_undo_in_the_middle_leaves_the_amount_at_the_sum() -> None:
    deal, user = DealFactory(), UserFactory()
    save_lines(deal, rows=[row(description="A")], actor=user)
    [a] = lines_of(deal)
    second = save_lines(deal, rows=[{**row(description="A"), "id": a.pk}, row(description="B")], actor=user)
    b = lines_of(deal)[1]
    third = [
        {**row(description="A", unit_price=D(150)), "id": a.pk},
        {**row(description="B"), "id": b.pk},
    ]
    save_lines(deal, rows=third, actor=user)
    assert deal.amount == D("250.00")
    assert second is not None
    undo(second, actor=user)
    deal.refresh_from_db()
    assert state(deal) == [("A", D("150.00"))]
    assert (deal.amount, deal.amount_base) == (D("150.00"), D("150.00"))


def test_saving_what_is_there_changes_nothing() -> None:
    deal, user = DealFactory(), UserFactory()
    save_lines(deal, rows=[row()], actor=user)
    [line] = lines_of(deal)
    version = deal.version
    assert save_lines(deal, rows=[{**row(), "id": line.pk}], actor=user) is None
    assert deal.version == version


def test_a_changed_text_alone_makes_an_open_editor_stale() -> None:
    deal, user = DealFactory(), UserFactory()
    save_lines(deal, rows=[row()], actor=user)
    [line] = lines_of(deal)
    seen = deal.version
    save_lines(deal, rows=[{**row(description="New"), "id": line.pk}], actor=user, expected_version=seen)
    with pytest.raises(StaleRecord):
        save_lines(deal, rows=[{**row(description="Mine"), "id": line.pk}], actor=user, expected_version=seen)
    assert state(deal) == [("New", D("100.00"))]


@pytest.mark.parametrize(
    "bad",
    [
        {"quantity": D(0)}, {"quantity": D(-1)}, {"unit_price": D(-1)}, {"discount_percent": D(101)},
        {"tax_percent": D("100.01")}, {"description": ""}, {"recurring_period": "week"},
    ],
)  # fmt: skip
def test_lines_that_make_no_sense_change_nothing(bad: dict[str, Any]) -> None:
    deal, user = DealFactory(), UserFactory()
    with pytest.raises(ValidationError):
        save_lines(deal, rows=[row(), row(**bad)], actor=user)
    assert state(deal) == []
    assert Deal.objects.get(pk=deal.pk).amount == D("1000.00")


def test_sums_that_do_not_fit_are_refused() -> None:
    deal, user = DealFactory(), UserFactory()
    with pytest.raises(RuleViolation, match="Line 1 comes to more"):
        save_lines(deal, rows=[row(quantity=D(10**6), unit_price=D(10**6))], actor=user)
    with pytest.raises(RuleViolation, match="At most 200"):
        save_lines(deal, rows=[row()] * 201, actor=user)


def test_lines_of_another_deal_are_never_touched() -> None:
    deal, other = DealFactory(), DealLineFactory(description="Theirs")
    save_lines(deal, rows=[{**row(description="Mine"), "id": other.pk}], actor=UserFactory())
    other.refresh_from_db()
    assert other.description == "Theirs"
    assert [line.pk for line in lines_of(deal)] != [other.pk]


def test_three_decimals_are_kept_on_the_lines() -> None:
    deal = DealFactory(currency="KWD")
    save_lines(deal, rows=[row(unit_price=D("1.2345"))], actor=UserFactory())
    assert state(deal) == [("Licence", D("1.235"))]


def test_the_price_is_that_of_the_step_the_quantity_has_reached() -> None:
    product, book = ProductFactory(), PriceBookFactory(is_default=True)
    for least, price in ((0, "100"), (10, "90"), (100, "80")):
        PriceFactory(product=product, price_book=book, min_quantity=least, unit_price=D(price))
    expected = {"1": "100", "9.999": "100", "10": "90", "99": "90", "100": "80", "5000": "80"}
    found = {quantity: price_for(product, "EUR", D(quantity), today()) for quantity in expected}
    assert found == {quantity: D(price) for quantity, price in expected.items()}


def test_a_chosen_book_wins_and_the_default_one_answers_for_what_it_lacks() -> None:
    product, other = ProductFactory(), ProductFactory()
    default, special = PriceBookFactory(is_default=True), PriceBookFactory()
    PriceFactory(product=product, price_book=default, unit_price=D(100))
    PriceFactory(product=other, price_book=default, unit_price=D(40))
    PriceFactory(product=product, price_book=special, unit_price=D(70))
    assert price_for(product, "EUR", D(1), today()) == D(100)
    assert price_for(product, "EUR", D(1), today(), special) == D(70)
    assert price_for(other, "EUR", D(1), today(), special) == D(40)
    assert price_for(product, "USD", D(1), today()) is None


@pytest.mark.parametrize(
    "book",
    [
        {"is_active": False}, {"is_default": False}, {"valid_from": "2999-01-01"},
        {"valid_until": "2000-01-01"}, {"currency": "CNY"},
    ],
)  # fmt: skip
def test_books_that_are_not_in_force_have_no_price(book: dict[str, Any]) -> None:
    price = PriceFactory(price_book=PriceBookFactory(**{"is_default": True, **book}))
    assert price_for(price.product, "EUR", D(1), today()) is None


def test_cost_is_converted_where_both_rates_are_known() -> None:
    OrganisationFactory(base_currency="EUR")
    ExchangeRateFactory(currency="USD", base="EUR", rate=D("0.8"), on="2020-01-01")
    product = ProductFactory(cost=D(50), cost_currency="USD")
    assert unit_cost(product, "EUR", Rates(), today()) == D("40.0000")
    assert unit_cost(product, "USD", Rates(), today()) == D(50)
    assert unit_cost(product, "CNY", Rates(), today()) is None
    assert unit_cost(ProductFactory(), "EUR", Rates(), today()) is None
