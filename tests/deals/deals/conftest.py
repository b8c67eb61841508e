"""Somebody who sells, signed in, with a customer and a deal of their own."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory
from tests.factories.deals import DealFactory


@pytest.fixture
def user() -> Any:
    return UserFactory(team=TeamFactory(), name="Sam Seller")


@pytest.fixture
def client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def customer(user: Any) -> Any:
    return CustomerFactory(name="Acme", owner=user, team=user.team)


@pytest.fixture
def deal(user: Any, customer: Any) -> Any:
    return DealFactory(name="Boiler", customer=customer, owner=user, team=user.team)
