"""One world for all tests of a module: making it for each of several hundred would take minutes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.permissions.world import World


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One transaction for the module; the tests take back what they do (`taken_back`)."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(db: None) -> World:
    return World()
