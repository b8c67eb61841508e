"""Fixtures about people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.accounts import AdministratorFactory, UserFactory


@pytest.fixture
def admin(db: None) -> User:
    return AdministratorFactory(name="Ada Admin", email="ada@example.com")


@pytest.fixture
def seller(db: None) -> User:
    return UserFactory(name="Sam Seller", email="sam@example.com")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which a person is signed in."""

    def make(user: User, **options: object) -> Client:
        client = Client(**options)  # type: ignore[arg-type]
        client.force_login(user)
        return client

    return make
