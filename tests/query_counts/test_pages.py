"""What single pages cost: queries of a save, kilobytes of a full list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.constants import Role
from customers.models import Customer
from tests.factories.customers import CustomerFactory
from tests.permissions.world import World
from tests.query_counts.test_query_counts import BOOKKEEPING, CACHED, MOST

pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000


@pytest.mark.parametrize("role", [Role.SALES, Role.ADMINISTRATOR])
def test_saving_a_new_customer_stays_within_the_queries_of_a_page(role: str) -> None:
    client, url = World().browser(role), reverse("customers:customer_create")
    for name in ("First", "Second"):
        with CaptureQueriesContext(connection) as captured:
            response = client.post(url, {"kind": "company", "name": name})
        assert response.status_code == 302
    statements = [query["sql"] for query in captured.captured_queries]
    counted = [
        sql
        for sql in statements
        if not sql.upper().startswith(BOOKKEEPING) and not any(table in sql for table in CACHED)
    ]
    assert len(counted) <= MOST, "\n".join(counted)
    assert Customer.objects.get(name="Second").sort_name == "second"


def test_a_full_page_of_a_list_stays_small() -> None:
    world = World()
    for number in range(25):
        CustomerFactory(name=f"A company with a rather long name, number {number}", country="Germany")
    response = world.browser(Role.ADMINISTRATOR).get(reverse("customers:customer_list"))
    assert response.content.count(b"<tr data-row") == 25
    assert len(response.content) < MOST_BYTES
