"""Targets and their parts for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory

from core.periods import add_months
from deals import models
from deals.constants import TargetMetric, TargetPeriod
from tests.factories.customers import LoggedFactory


class TargetFactory(LoggedFactory):
    """10,000 euros of won deals in the last quarter of 2026, for everybody."""

    class Meta:
        model = models.Target

    metric = TargetMetric.WON_AMOUNT
    period = TargetPeriod.QUARTER
    starts_on = date(2026, 10, 1)
    ends_before = factory.LazyAttribute(
        lambda o: add_months(o.starts_on, {"month": 1, "quarter": 3, "year": 12}[o.period])
    )
    value = Decimal("10000.00")
    currency = "EUR"


class PlanLineFactory(LoggedFactory):
    class Meta:
        model = models.PlanLine

    target = factory.SubFactory(TargetFactory)
    activity = factory.Sequence(lambda n: f"Fair {n}")


class ImprovementActionFactory(LoggedFactory):
    class Meta:
        model = models.ImprovementAction

    target = factory.SubFactory(TargetFactory)
    cause = "Too few talks"
    action = "Two mornings a week for calls"


class SalesSettingsFactory(LoggedFactory):
    class Meta:
        model = models.SalesSettings

    pk = 1
