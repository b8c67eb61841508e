"""Exchange rates and snapshots of the forecast for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory

from deals import models
from deals.constants import ForecastCategory
from tests.factories.customers import LoggedFactory
from tests.factories.deals.pipelines import default_pipeline


class ExchangeRateFactory(LoggedFactory):
    """One dollar is 0.90 euros from the first of January 2026 on."""

    class Meta:
        model = models.ExchangeRate

    currency = "USD"
    base = "EUR"
    on = date(2026, 1, 1)
    rate = Decimal("0.90")


class StoredResultFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.StoredResult

    key = factory.Sequence(lambda n: f"result {n}")
    data = factory.LazyFunction(list)


class ForecastSnapshotFactory(factory.django.DjangoModelFactory):
    """What the default pipeline promised for October 2026 on the first Monday of that month."""

    class Meta:
        model = models.ForecastSnapshot

    taken_on = date(2026, 10, 5)
    month = date(2026, 10, 1)
    pipeline = factory.LazyFunction(default_pipeline)
    category = ForecastCategory.COMMIT
    deals = 1
    amount = Decimal("1000.00")
    weighted = Decimal("500.00")
    currency = "EUR"
