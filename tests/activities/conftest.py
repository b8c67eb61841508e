"""People, a customer and a fixed clock for the tests of activities."""

from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories.accounts import AdministratorFactory, AnalystFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory

NOW = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)  # a Tuesday


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def seller(team):
    return UserFactory(name="Mei", team=team)


@pytest.fixture
def colleague(team):
    return UserFactory(name="Jo", team=team)


@pytest.fixture
def stranger(db):
    return UserFactory(name="Sam", team=TeamFactory())


@pytest.fixture
def manager(team):
    return UserFactory(name="Ada", team=team, role="manager")


@pytest.fixture
def analyst(db):
    return AnalystFactory()


@pytest.fixture
def administrator(db):
    return AdministratorFactory()


@pytest.fixture
def customer(seller, team):
    return CustomerFactory(name="Acme", owner=seller, team=team)
