"""Products, price books, lines and quotes for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory

from accounts.clock import today
from deals import models
from deals.pricing import line_amounts
from tests.factories.customers import LoggedFactory
from tests.factories.deals.deals import DealFactory


class ProductFactory(LoggedFactory):
    class Meta:
        model = models.Product

    name = factory.Sequence(lambda n: f"Product {n}")
    sku = factory.Sequence(lambda n: f"SKU-{n:04}")


class PriceBookFactory(LoggedFactory):
    """A price book in euros, not the default one."""

    class Meta:
        model = models.PriceBook

    name = factory.Sequence(lambda n: f"Price book {n}")
    currency = "EUR"


class PriceFactory(LoggedFactory):
    class Meta:
        model = models.Price

    price_book = factory.SubFactory(PriceBookFactory)
    product = factory.SubFactory(ProductFactory)
    unit_price = Decimal("100.0000")


class _LineFactory(LoggedFactory):
    """One piece at 100, with the amounts that follow from its numbers."""

    class Meta:
        abstract = True

    position = factory.Sequence(lambda n: n + 1)
    description = factory.Sequence(lambda n: f"Thing {n}")
    quantity = Decimal(1)
    unit_price = Decimal("100.0000")
    discount_percent = Decimal(0)
    tax_percent = Decimal(0)
    net = factory.LazyAttribute(lambda o: _amounts(o).net)
    tax = factory.LazyAttribute(lambda o: _amounts(o).tax)


def _amounts(line: Any) -> Any:
    whole = getattr(line, "deal", None) or line.quote
    numbers = (line.quantity, line.unit_price, line.discount_percent, line.tax_percent)
    return line_amounts(*numbers, whole.currency)


class DealLineFactory(_LineFactory):
    class Meta:
        model = models.DealLine

    deal = factory.SubFactory(DealFactory)


class QuoteFactory(LoggedFactory):
    """A draft of a new deal, in English and euros, without lines."""

    class Meta:
        model = models.Quote

    number = factory.Sequence(lambda n: f"T-{n:05}")
    deal = factory.SubFactory(DealFactory)
    currency = factory.LazyAttribute(lambda o: o.deal.currency)
    quoted_on = factory.LazyFunction(today)
    valid_until = factory.LazyAttribute(lambda o: o.quoted_on + timedelta(days=30))


class QuoteLineFactory(_LineFactory):
    class Meta:
        model = models.QuoteLine

    quote = factory.SubFactory(QuoteFactory)


class NumberSeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.NumberSeries

    key = factory.Sequence(lambda n: f"T-{n}")
