"""Orders for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from core.models import Record
from deals import models
from tests.factories.customers import CustomerFactory, LoggedFactory


class OrderFactory(LoggedFactory):
    """An order of a new customer; `lines=2` adds lines of 5.00 each."""

    class Meta:
        model = models.Order

    number = factory.Sequence(lambda n: f"A-{n:05d}")
    customer = factory.SubFactory(CustomerFactory)
    ordered_at = factory.LazyFunction(timezone.now)
    currency = "EUR"
    total = Decimal("10.00")

    @classmethod
    def _create(cls, model_class: type[Record], *args: Any, **kwargs: Any) -> Record:
        lines = kwargs.pop("lines", 0)
        order = super()._create(model_class, *args, **kwargs)
        for position in range(lines):
            OrderLineFactory(order=order, position=position + 1)
        return order


class OrderLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.OrderLine

    order = factory.SubFactory(OrderFactory)
    position = factory.Sequence(lambda n: n + 1)
    sku = "SKU"
    description = "A thing"
    quantity = Decimal(1)
    unit_price = Decimal("5.0000")
    total = Decimal("5.00")
