"""A narrow result is found first and sorted then: the same pages as from a walk along the order."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.constants import Role
from accounts.models import VisibilityRule
from core.paging import Pager
from customers.models import Contact, Customer
from tests.core.test_paging import SORTS, customers  # noqa: F401  # a fixture
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def pages(pager: Pager) -> list[Any]:
    """Every way to ask: along the list, by number, the end, and back from there."""
    end = pager.last(4)
    asked = [pager.at(offset, 4) for offset in (0, 3, 8, 20)]
    return [*pager.chunks(4), *asked, end, pager.before(end.first, 4)]


@pytest.mark.parametrize("key", SORTS)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.usefixtures("customers")
def test_gathered_pages_are_those_of_a_walk(key: str, descending: bool) -> None:
    rows, sort = Customer.objects.alive().exclude(name="Name 3"), SORTS[key]
    expected = pages(Pager(rows, sort, descending=descending))
    for gather, clustered in ((100, False), (5, False), (5, True)):
        pager = Pager(rows, sort, descending=descending, gather=gather, clustered=clustered)
        assert pages(pager) == expected


@pytest.mark.usefixtures("customers")
def test_the_parts_make_up_the_whole() -> None:
    even = Customer.objects.values_list("pk", flat=True)[::2]
    rows = Customer.objects.alive()
    parts = [rows.filter(pk__in=even), rows.exclude(pk__in=even)]
    expected = pages(Pager(rows, SORTS["name"], descending=False))
    assert pages(Pager(rows, SORTS["name"], descending=False, gather=100, parts=parts)) == expected


@pytest.mark.usefixtures("customers")
def test_a_gathered_page_tells_how_many_rows_there_are(django_assert_num_queries: Any) -> None:
    pager = Pager(Customer.objects.alive(), SORTS["name"], descending=False, gather=100)
    with django_assert_num_queries(1):
        assert len(pager.at(0, 4).pks) == 4
        assert pager.count(100) == 11
    assert Pager(Customer.objects.alive(), SORTS["name"], descending=False).count(5) == 6
    assert Pager(Customer.objects.none(), SORTS["name"], descending=False, gather=9).at(0, 4).pks == []


@pytest.mark.parametrize("view", ["none", "own", "team", "all"])
def test_visible_parts_are_what_is_visible(view: str) -> None:
    team, other = TeamFactory(), TeamFactory()
    below = TeamFactory(parent=team)
    me, colleague = UserFactory(team=team, role=Role.SALES), UserFactory(team=other)
    VisibilityRule.objects.filter(role=Role.SALES).delete()
    for kind in ("customer", "contact"):
        VisibilityRule.objects.create(role=Role.SALES, kind=kind, view=view, edit=view)
    for owner in (me, colleague, None):
        for place in (team, below, other, None):
            CustomerFactory(owner=owner, team=place)
            CustomerFactory(owner=owner, team=place).collaborators.add(me)
    for model in (Customer, Contact):
        found = [pk for part in model.objects.visible_parts(me) for pk in part.values_list("pk", flat=True)]
        assert sorted(found) == sorted(model.objects.visible_to(me).values_list("pk", flat=True))
