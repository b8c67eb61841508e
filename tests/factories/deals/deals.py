"""Deals and their histories for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from accounts.clock import today
from deals import models
from deals.constants import StageKind
from tests.factories.accounts import UserFactory
from tests.factories.customers import CustomerFactory, LoggedFactory
from tests.factories.deals.pipelines import stage


def _closed(deal: Any) -> bool:
    return deal.stage.kind != StageKind.OPEN


class DealFactory(LoggedFactory):
    """An open deal of 1,000 euros in the first stage of the default pipeline, without an owner.
    What follows from the stage does, unless given: pipeline, status, probability, category, closed_on."""

    class Meta:
        model = models.Deal

    name = factory.Sequence(lambda n: f"Deal {n}")
    customer = factory.SubFactory(CustomerFactory)
    stage = factory.LazyFunction(stage)
    pipeline = factory.LazyAttribute(lambda o: o.stage.pipeline)
    status = factory.LazyAttribute(lambda o: o.stage.kind)
    probability = factory.LazyAttribute(lambda o: o.stage.probability)
    forecast_category = factory.LazyAttribute(lambda o: o.stage.forecast_category)
    amount = Decimal("1000.00")
    currency = "EUR"
    opened_on = factory.LazyFunction(lambda: today() - timedelta(days=10))
    closed_on = factory.LazyAttribute(lambda o: today() if _closed(o) else None)


class DealStageChangeFactory(LoggedFactory):
    class Meta:
        model = models.DealStageChange

    deal = factory.SubFactory(DealFactory)
    to_stage = factory.LazyAttribute(lambda o: o.deal.stage)
    at = factory.LazyFunction(timezone.now)


class CloseDateChangeFactory(LoggedFactory):
    class Meta:
        model = models.CloseDateChange

    deal = factory.SubFactory(DealFactory)
    to_date = factory.LazyFunction(lambda: today() + timedelta(days=30))


class DealFavouriteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DealFavourite

    user = factory.SubFactory(UserFactory)
    deal = factory.SubFactory(DealFactory)


class DealTotalFactory(factory.django.DjangoModelFactory):
    """A row as the triggers write it; deals make their own."""

    class Meta:
        model = models.DealTotal

    stage = factory.LazyFunction(stage)
    pipeline = factory.LazyAttribute(lambda o: o.stage.pipeline)
    category = "pipeline"
    deals = 1
    unpriced = 0
    amount = Decimal("1000.00")
    weighted = Decimal("100.0000")
