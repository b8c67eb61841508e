"""Each collection page at one row and at three rows, as a salesperson and as an administrator."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.constants import Role
from tests.permissions.rules import Row
from tests.permissions.table import TABLE
from tests.permissions.walk import url_names
from tests.permissions.world import World
from tests.query_counts.table import COLLECTIONS, Collection

pytestmark = pytest.mark.django_db
MOST = 15
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
# Read from the shared cache wherever people work, but never inside a transaction, as tests are.
CACHED = ('FROM "accounts_visibilityrule"', 'FROM "accounts_team"')


def address(name: str, collection: Collection, world: World) -> str:
    kwargs = dict(collection.kwargs)
    if collection.of:
        kwargs["pk"] = world.record(collection.of, "own").pk
    return reverse(name, kwargs=kwargs) + (f"?{collection.query}" if collection.query else "")


def queries(client: Client, url: str) -> list[str]:
    """The statements of one page, after one that filled the caches."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    statements = [query["sql"] for query in captured.captured_queries]
    return [
        sql
        for sql in statements
        if not sql.upper().startswith(BOOKKEEPING) and not any(table in sql for table in CACHED)
    ]


def roles(row: Row) -> list[str]:
    return [role for role in (Role.SALES, Role.ADMINISTRATOR) if row.rule.answers[role, "own"] == "yes"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_rows_cost_no_queries(name: str) -> None:
    world, collection = World(), COLLECTIONS[name]
    # The person's own rows: everything visible to a salesperson is visible to an administrator too.
    owner = world.owners["own"]
    collection.add(world, owner)
    url = address(name, collection, world)
    clients = {role: world.browser(role) for role in roles(TABLE[name])}
    one = {role: queries(client, url) for role, client in clients.items()}
    for _again in range(2):
        collection.add(world, owner)
    three = {role: queries(client, url) for role, client in clients.items()}
    for role in clients:
        assert len(one[role]) == len(three[role]), "\n".join([*one[role], "--- three:", *three[role]])
        assert len(three[role]) <= MOST, "\n".join(three[role])


def test_every_collection_is_measured() -> None:
    collections = {name for name, row in TABLE.items() if row.collection and name in url_names()}
    assert sorted(collections - COLLECTIONS.keys()) == []
