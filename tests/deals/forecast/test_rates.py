"""The rate in force on a day, and what a deal is worth in the base currency."""

from datetime import date
from decimal import Decimal

import pytest
from django.test.utils import CaptureQueriesContext

from deals.constants import StageKind
from deals.models import Deal
from deals.selectors.rates import Rates, rate_on
from deals.services.rates import price
from tests.factories.deals import ExchangeRateFactory

pytestmark = pytest.mark.django_db

JANUARY, MARCH, MAY = date(2026, 1, 1), date(2026, 3, 1), date(2026, 5, 1)


@pytest.fixture
def _dollar() -> None:
    ExchangeRateFactory(on=JANUARY, rate=Decimal("0.90"))
    ExchangeRateFactory(on=MARCH, rate=Decimal("0.8"))
    ExchangeRateFactory(on=JANUARY, base="GBP", rate=Decimal("0.7"))


@pytest.mark.usefixtures("_dollar")
@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2025, 12, 31), None),
        (JANUARY, Decimal("0.90")),
        (date(2026, 2, 28), Decimal("0.90")),
        (MARCH, Decimal("0.8")),
        (date(2030, 1, 1), Decimal("0.8")),
    ],
)
def test_the_newest_rate_on_or_before_the_day_is_in_force(day: date, rate: Decimal | None) -> None:
    assert rate_on("USD", day) == rate
    assert Rates().on("USD", day) == rate


@pytest.mark.usefixtures("_dollar")
def test_the_base_currency_is_one_and_an_unknown_one_is_missing() -> None:
    for ask in (rate_on, Rates().on):
        assert ask("EUR", JANUARY) == 1
        assert ask("CNY", JANUARY) is None
    assert Rates("GBP").on("USD", MARCH) == Decimal("0.7")
    assert Rates("GBP").on("EUR", MARCH) is None


def test_a_rate_in_the_trash_does_not_count() -> None:
    ExchangeRateFactory(on=JANUARY, rate=Decimal("0.90"))
    trashed = ExchangeRateFactory(on=MARCH, rate=Decimal("0.80"))
    type(trashed).objects.filter(pk=trashed.pk).update(deleted_at=trashed.created_at)
    assert rate_on("USD", MAY) == Rates().on("USD", MAY) == Decimal("0.90")


def test_amounts_are_exact_and_rounded_half_up_to_what_the_base_can_pay() -> None:
    ExchangeRateFactory(rate=Decimal("1.0050000000"))
    ExchangeRateFactory(base="JPY", rate=Decimal("156.5"))
    assert Rates().to_base(Decimal("1.00"), "USD", JANUARY) == Decimal("1.01")
    assert Rates().to_base(Decimal("9999999999999.99"), "USD", JANUARY) == Decimal("10049999999999.99")
    assert Rates("JPY").to_base(Decimal("1.00"), "USD", JANUARY) == Decimal(157)
    assert Rates().to_base(None, "USD", JANUARY) is None
    assert Rates().to_base(Decimal("1.00"), "CNY", JANUARY) is None


@pytest.mark.usefixtures("_dollar")
def test_many_rows_cost_one_query_for_each_currency(
    django_assert_num_queries: CaptureQueriesContext,
) -> None:
    rates = Rates("EUR")
    with django_assert_num_queries(2):
        for _ in range(3):
            rates.to_base(Decimal(1), "USD", MARCH)
            rates.to_base(Decimal(1), "CNY", MARCH)
            rates.to_base(Decimal(1), "EUR", MARCH)


def deal(**values: object) -> Deal:
    return Deal(**{"currency": "USD", "amount": Decimal("100.00"), "status": StageKind.OPEN, **values})


@pytest.mark.usefixtures("_dollar")
def test_an_open_deal_follows_the_rate_of_the_day() -> None:
    found = deal(fx_rate=Decimal("0.90"), fx_on=JANUARY, fx_pair="USDEUR")
    assert price(found, Rates(), MAY) == {
        "fx_rate": Decimal("0.8"), "fx_on": MAY, "fx_pair": "USDEUR", "amount_base": Decimal("80.00"),
    }  # fmt: skip


@pytest.mark.usefixtures("_dollar")
def test_a_closed_deal_takes_the_rate_of_its_closing_day() -> None:
    closed = deal(status=StageKind.WON, closed_on=date(2026, 2, 10))
    assert price(closed, Rates(), MAY)["amount_base"] == Decimal("90.00")
    assert price(closed, Rates(), MAY)["fx_on"] == date(2026, 2, 10)


@pytest.mark.usefixtures("_dollar")
@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({}, "123.00"),  # frozen, though the table now says 0.8
        ({"amount": Decimal("200.00")}, "246.00"),
        ({"closed_on": date(2026, 2, 10)}, "90.00"),
        ({"fx_pair": "GBPEUR"}, "80.00"),  # was in pounds
        ({"fx_pair": "USDGBP"}, "80.00"),  # the base currency was the pound
        ({"status": StageKind.OPEN, "closed_on": None}, "80.00"),
    ],
)
def test_a_frozen_rate_stays_until_what_it_is_about_changes(values: dict, amount: str) -> None:
    frozen = {"status": StageKind.WON, "closed_on": MARCH, "fx_rate": Decimal("1.23"), "fx_on": MARCH}
    found = deal(**{**frozen, "fx_pair": "USDEUR", **values})
    assert price(found, Rates(), MAY)["amount_base"] == Decimal(amount)


def test_without_a_rate_or_an_amount_nothing_is_priced() -> None:
    unpriced = {"fx_rate": None, "fx_on": None, "fx_pair": "", "amount_base": None}
    assert price(deal(fx_rate=Decimal(1), fx_on=MAY, fx_pair="USDEUR"), Rates(), MAY) == unpriced
    ExchangeRateFactory(rate=Decimal("0.9"))
    assert price(deal(amount=None), Rates(), MAY)["amount_base"] is None
    assert price(deal(amount=None), Rates(), MAY)["fx_rate"] == Decimal("0.9")
