"""Contracts, what belongs to them, and payments for tests."""

from __future__ import annotations

from decimal import Decimal

import factory
from django.core.files.base import ContentFile

from deals import models
from tests.factories.accounts import UserFactory
from tests.factories.customers import CustomerFactory, LoggedFactory
from tests.factories.deals.orders import OrderFactory

PDF = b"%PDF-1.4\n%%EOF\n"


class ContractFactory(LoggedFactory):
    """A draft over 12,000 euros, without an owner."""

    class Meta:
        model = models.Contract

    number = factory.Sequence(lambda n: f"C-TEST-{n:04d}")
    title = factory.Sequence(lambda n: f"Contract {n}")
    customer = factory.SubFactory(CustomerFactory)
    value = Decimal("12000.00")
    currency = "EUR"


class ContractVersionFactory(LoggedFactory):
    class Meta:
        model = models.ContractVersion

    contract = factory.SubFactory(ContractFactory)
    number = factory.Sequence(lambda n: n + 1)
    document = factory.LazyFunction(lambda: ContentFile(PDF, name="contract.pdf"))
    file_name = "contract.pdf"
    sha256 = "0" * 64
    added_by = factory.SubFactory(UserFactory)


class ObligationFactory(LoggedFactory):
    class Meta:
        model = models.Obligation

    contract = factory.SubFactory(ContractFactory)
    text = factory.Sequence(lambda n: f"Training day {n}")


class PaymentFactory(LoggedFactory):
    class Meta:
        model = models.Payment

    order = factory.SubFactory(OrderFactory)
    amount = Decimal("5.00")
