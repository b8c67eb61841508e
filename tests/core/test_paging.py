"""Pages of a list: every order, both directions, empty values last, no row twice or missed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.paging import Pager
from customers.models import Customer
from customers.tables import CUSTOMERS
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory, stage

pytestmark = pytest.mark.django_db
SORTS = {column.key: column.sort for column in CUSTOMERS.columns if column.sort}


@pytest.fixture
def customers():
    teams = [TeamFactory(name=name) for name in ("West", "East")]
    people = [UserFactory(name=name, team=team) for name, team in zip("BA", teams, strict=True)]
    source = SourceFactory(name="Fair")
    now = timezone.now()
    for n in range(11):
        CustomerFactory(
            name=f"Name {n % 4}",
            owner=people[n % 2] if n % 3 else None,
            team=people[n % 2].team if n % 3 else None,
            source=source if n % 2 else None,
            stage=stage(["lead", "loyal"][n % 2]),
            city=["", "Rome", "Oslo"][n % 3],
            country=["", "Italy"][n % 2],
            industry=["Food", ""][n % 2],
            annual_revenue=None if n % 4 == 0 else (n % 3) * 100,
            currency="EUR",
            last_contacted_at=None if n % 3 == 0 else now - timedelta(hours=n % 2),
            next_step_on=None if n % 2 else now.date(),
            lifetime_value=None,
            created_at=now - timedelta(microseconds=n),
        )
    CustomerFactory(name="In the trash", deleted_at=now)
    return Customer.objects.alive()


def expected(rows, key, descending):
    """The order in plain Python, from what the page promises."""
    sort = SORTS[key]
    first, rest = sort.fields[0], sort.fields[1:]

    def shown(row):
        value = getattr(row, first)
        if sort.groups and value is not None:
            return (value.position, value.pk) if first == "stage" else (value.name, value.pk)
        return value

    def tie(row):
        return (*(getattr(row, name) for name in rest), row.pk)

    full = [r for r in rows if shown(r) not in (None, "")]
    empty = [r for r in rows if shown(r) in (None, "")]
    if sort.groups:  # within a group the names stand in their own order, whatever the direction
        full.sort(key=tie)
        full.sort(key=shown, reverse=descending)
        empty.sort(key=tie)
    else:
        full.sort(key=lambda r: (shown(r), *tie(r)), reverse=descending)
        empty.sort(key=tie, reverse=descending)
    return [row.pk for row in full + empty]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("key", SORTS)
def test_every_order_by_number_and_by_next_and_by_previous(customers, key, descending):
    wanted = expected(list(customers.select_related("owner", "team", "source", "stage")), key, descending)
    pager = Pager(customers, SORTS[key], descending=descending)

    assert [pk for n in range(0, 12, 4) for pk in pager.at(n, 4).pks] == wanted
    assert [pk for pks in pager.chunks(3) for pk in pks] == wanted
    assert pager.last(4).pks == wanted[-4:]

    cut, backwards = pager.last(3), []
    while True:
        backwards = cut.pks + backwards
        if not cut.has_previous:
            break
        cut = pager.before(cut.first, 3)
    assert backwards == wanted


def test_edges(customers):
    pager = Pager(customers, SORTS["name"], descending=False)
    first, beyond = pager.at(0, 11), pager.at(50, 5)
    assert (first.has_previous, first.has_next) == (False, False)
    assert beyond.pks == []
    assert pager.at(0, 10).has_next


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!",
        "bnVsbA",
        "W10",
        "WzFd",
        "W251bGwsbnVsbF0",
        "WyJhIiwgeyJiIjoxfV0",
        "WyJhIiw5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
        "A" * 5000,
    ],
)
def test_a_key_that_makes_no_sense_is_refused(customers, cursor):
    assert Pager(customers, SORTS["name"], descending=False).after(cursor, 5) is None


def test_the_row_the_key_names_may_be_gone(customers):
    pager = Pager(customers, SORTS["name"], descending=False)
    first = pager.at(0, 4)
    rest = list(pager.at(4, 20).pks)
    Customer.objects.filter(pk=first.pks[-1]).update(deleted_at=timezone.now())
    assert pager.after(first.last, 20).pks == rest
