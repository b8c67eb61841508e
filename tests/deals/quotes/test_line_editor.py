"""The line editor: what the server fills and sums, without and with htmx, and two editors at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from deals.selectors.lines import lines_of
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.deals import (
    DealFactory,
    DealLineFactory,
    PriceBookFactory,
    PriceFactory,
    ProductFactory,
    QuoteFactory,
    QuoteLineFactory,
)

pytestmark = pytest.mark.django_db
D = Decimal
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def manager() -> Any:
    OrganisationFactory(base_currency="EUR")
    return UserFactory(role="administrator")


@pytest.fixture
def browser(client: Client, manager: Any) -> Client:
    client.force_login(manager)
    return client


def sent(*rows: dict[str, Any], **more: Any) -> dict[str, str]:
    data = {"rows": str(len(rows))} | {name: str(value) for name, value in more.items()}
    for place, row in enumerate(rows):
        data |= {
            f"line-{place}-{name.replace('_typed', '-typed')}": str(value) for name, value in row.items()
        }
    return data


def address(deal: Any) -> str:
    return reverse("deals:deal_lines_edit", args=[deal.pk])


def licence(**values: Any) -> dict[str, Any]:
    return {"description": "Licence", "quantity": "2", "unit_price": "10.50", "tax_percent": "19", **values}


def test_save_writes_the_lines_and_leads_back(browser: Client) -> None:
    deal = DealFactory()
    rows = (licence(), licence(description="Support", recurring_period="month"), {"quantity": "1"})
    answer = browser.post(address(deal), sent(*rows, act="save", version=deal.version))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/deals/{deal.pk}/")
    assert [(line.description, line.net, line.tax) for line in lines_of(deal)] == [
        ("Licence", D("21.00"), D("3.99")),
        ("Support", D("21.00"), D("3.99")),
    ]


def test_enter_and_ctrl_enter_save_nothing_by_accident(browser: Client) -> None:
    """The first button of the form recalculates; a form sent without a button is saved."""
    deal = DealFactory()
    page = browser.get(address(deal)).content.decode()
    form = page[page.index("<form", page.index("line-editor")) :]
    assert form.index('value="recalculate"') < form.index('value="remove-0"') < form.index('value="save"')
    browser.post(address(deal), sent(licence(), version=deal.version))
    assert len(lines_of(deal)) == 1


def test_a_chosen_product_fills_the_row(browser: Client) -> None:
    deal = DealFactory()
    book = PriceBookFactory(is_default=True)
    product = ProductFactory(
        name="Monitor", unit="pcs", tax_percent=D(7), recurring_period="year", cost=D(40), cost_currency="EUR"
    )
    PriceFactory(product=product, price_book=book, unit_price=D(100))
    PriceFactory(product=product, price_book=book, min_quantity=D(10), unit_price=D(90))
    answer = browser.post(address(deal), sent({"product": product.pk, "quantity": "10"}, act="recalculate"))
    [row] = answer.context["rows"]
    assert (row["net"], row["filled"]) == (D("900.00"), True)
    shown = row["form"].initial
    expected = {
        "description": "Monitor", "unit": "pcs", "unit_price": "90", "tax_percent": "7", "unit_cost": "40",
    }  # fmt: skip
    assert {name: shown[name] for name in expected} == expected
    assert answer.context["sums"].recurring == {"year": D("900.00")}
    assert lines_of(deal) == []


def test_a_price_typed_over_is_left_alone_and_a_list_price_follows_the_quantity(browser: Client) -> None:
    deal, book = DealFactory(), PriceBookFactory(is_default=True)
    product = ProductFactory()
    PriceFactory(product=product, price_book=book, unit_price=D(100))
    PriceFactory(product=product, price_book=book, min_quantity=D(10), unit_price=D(90))
    base = {"product": product.pk, "filled_for": product.pk, "description": "X", "quantity": "10"}
    rows = (
        {**base, "unit_price": "100", "list_price": "100"},
        {**base, "unit_price": "95", "list_price": "100"},
        {**base, "unit_price": "100.00", "list_price": ""},  # agreed on earlier
    )
    answer = browser.post(address(deal), sent(*rows, act="recalculate"))
    assert [row["net"] for row in answer.context["rows"]] == [D("900.00"), D("950.00"), D("1000.00")]


def test_a_product_can_be_typed_where_scripts_are_off(browser: Client) -> None:
    deal = DealFactory()
    ProductFactory(name="Patient monitor")
    answer = browser.post(
        address(deal), sent({"product": "", "product_typed": "patient MONITOR", "quantity": "1"}, act="add")
    )
    assert answer.context["rows"][0]["form"].initial["description"] == "Patient monitor"
    answer = browser.post(address(deal), sent({**licence(), "product_typed": "no such thing"}, act="save"))
    assert answer.status_code == 422
    assert "Choose one of the products." in answer.content.decode()


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("add", ["A", "B", "C", ""]), ("remove-1", ["A", "C"]), ("up-2", ["A", "C", "B"]),
        ("down-0", ["B", "A", "C"]), ("up-0", ["A", "B", "C"]), ("down-2", ["A", "B", "C"]),
        ("remove-9", ["A", "B", "C"]), ("up-²", ["A", "B", "C"]), ("nonsense", ["A", "B", "C"]),
    ],
)  # fmt: skip
def test_rows_are_added_removed_and_moved(browser: Client, act: str, left: list[str]) -> None:
    deal = DealFactory()
    rows = [licence(description=name) for name in "ABC"]
    answer = browser.post(address(deal), sent(*rows, act=act), **HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert [row["form"].initial.get("description", "") for row in answer.context["rows"]] == left


def test_htmx_gets_only_what_changed(browser: Client) -> None:
    deal = DealFactory()
    answer = browser.post(address(deal), sent(licence(), licence(quantity="x")), **HTMX)
    text = answer.content.decode()
    assert 'id="line-0-net" data-hx-swap-oob="true">€21.00<' in text
    assert 'id="line-1-net" data-hx-swap-oob="true">–<' in text
    assert "1 line cannot be read yet" in text
    assert "<input" in text.split("line-0-filled")[1][:200]
    assert 'name="line-0-description"' not in text


def test_mistakes_are_told_beside_their_field_and_nothing_is_saved(browser: Client) -> None:
    deal = DealFactory()
    bad = licence(quantity="0", discount_percent="101", description="")
    answer = browser.post(address(deal), sent(licence(), bad, act="save", version=deal.version))
    assert answer.status_code == 422
    errors = answer.context["rows"][1]["form"].errors
    assert sorted(errors) == ["description", "discount_percent", "quantity"]
    assert lines_of(deal) == []


@pytest.mark.parametrize("count", ["-1", "9999999", "²", "x", ""])
def test_an_absurd_number_of_rows_is_no_error(browser: Client, count: str) -> None:
    deal = DealFactory()
    answer = browser.post(address(deal), {"rows": count, "act": "recalculate"})
    assert answer.status_code == 200


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "\x00", "9" * 400, "-0.0000001", "1,5"])
def test_any_number_typed_is_no_error(browser: Client, value: str) -> None:
    deal = DealFactory()
    row = licence(quantity=value, unit_price=value, unit_cost=value, list_price=value, product=value[:150])
    for act in ("recalculate", "save"):
        answer = browser.post(address(deal), sent(row, act=act, version=deal.version))
        assert answer.status_code in (200, 422)
    assert lines_of(deal) == []


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(browser: Client) -> None:
    deal = DealFactory()
    line = DealLineFactory(deal=deal, description="As it was")
    deal.refresh_from_db()
    seen = deal.version
    browser.post(address(deal), sent(licence(id=line.pk, description="Theirs"), act="save", version=seen))
    answer = browser.post(
        address(deal), sent(licence(id=line.pk, description="Mine"), act="save", version=seen)
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody changed this meanwhile" in text
    assert text.index("Theirs") < text.index('value="Mine"')
    assert [row.description for row in lines_of(deal)] == ["Theirs"]
    deal.refresh_from_db()
    assert f'name="version" value="{deal.version}"' in text
    again = sent(licence(id=line.pk, description="Mine"), act="save", version=deal.version)
    assert browser.post(address(deal), again).status_code == 302
    assert [row.description for row in lines_of(deal)] == ["Mine"]


def test_prices_come_from_a_chosen_book(browser: Client) -> None:
    deal, product = DealFactory(), ProductFactory()
    PriceFactory(product=product, price_book=PriceBookFactory(is_default=True), unit_price=D(100))
    special = PriceBookFactory()
    PriceFactory(product=product, price_book=special, unit_price=D(60))
    data = sent({"product": product.pk, "quantity": "1"}, act="recalculate", price_book=special.pk)
    [row] = browser.post(address(deal), data).context["rows"]
    assert row["net"] == D("60.00")


def test_a_quote_that_was_sent_has_no_editor(browser: Client) -> None:
    line = QuoteLineFactory(quote=QuoteFactory(status="sent"))
    url = reverse("deals:quote_lines", args=[line.quote_id])
    assert browser.get(url).status_code == 409
    assert browser.post(url, sent(licence(), act="save", version=1)).status_code == 409
    assert [row.pk for row in lines_of(line.quote)] == [line.pk]


def test_the_lines_of_a_draft_give_its_sums(browser: Client) -> None:
    quote = QuoteFactory()
    url = reverse("deals:quote_lines", args=[quote.pk])
    answer = browser.post(url, sent(licence(), act="save", version=quote.version))
    assert answer.status_code == 302
    quote.refresh_from_db()
    assert (quote.net, quote.tax, quote.total) == (D("21.00"), D("3.99"), D("24.99"))
