"""Each number of the funnel page leads to the customers it counts."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts.organisation import forget_organisation, get_organisation
from customers.models import StageChange
from tests.customers.test_funnel import travel
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory, stage

pytestmark = pytest.mark.django_db
PAGE = "/customers/funnel/"


@pytest.fixture
def journeys():
    """Customers that entered in different periods and went different ways."""
    fair, ada = SourceFactory(name="Fair"), UserFactory(name="Ada")
    ways = [
        (5, ["lead", "qualified", "opportunity", "customer"]),
        (20, ["lead", "lost"]),
        (60, ["lead", "opportunity"]),
        (200, ["lead", "customer", "loyal"]),
        (400, ["lead", "qualified", "lost"]),
    ]
    today = datetime.now(UTC).replace(hour=12)
    for number, (days_ago, kinds) in enumerate(ways):
        customer = CustomerFactory(source=fair if number % 2 else None, owner=ada if number < 3 else None)
        travel(customer, *((kind, -days_ago + place) for place, kind in enumerate(kinds)))
        shift = today - datetime(2026, 3, 1, tzinfo=UTC)
        for change in StageChange.objects.filter(customer=customer):
            StageChange.objects.filter(pk=change.pk).update(at=change.at + shift)
    CustomerFactory()  # never entered


def links(html):
    """(shown number, address) of every number that is a link."""
    return re.findall(r'<a href="(/customers/\?[^"]*)">([\d,]+)</a>', html)


@pytest.mark.parametrize("period", ["last_30", "last_90", "last_365", "this_year", "all"])
def test_every_number_is_the_count_of_its_list(client, journeys, period):
    client.force_login(AdministratorFactory())
    found = links(client.get(f"{PAGE}?period={period}").content.decode())
    assert len(found) > 5
    for address, number in found:
        listed = client.get(address.replace("&amp;", "&"))
        assert (listed.context["count"], listed.context["notices"]) == (int(number), []), address


def test_the_list_behind_a_number_holds_only_what_one_may_see(client, journeys):
    me = UserFactory(team=TeamFactory())
    travel(CustomerFactory(owner=me, name="Mine"), ("lead", 0))
    client.force_login(me)
    rows = client.get(f"/customers/?entered=ever&reached={stage('lead').pk}").context["rows"]
    assert [row["name"] for row in rows] == ["Mine"]


def test_a_day_of_entry_is_a_day_of_the_organisation(client):
    organisation = get_organisation()
    organisation.time_zone = "Asia/Shanghai"
    organisation.save()
    forget_organisation()
    client.force_login(AdministratorFactory(time_zone="America/Los_Angeles"))
    customer = CustomerFactory()
    travel(customer, ("lead", 0))  # midnight of 1 March in UTC: eight in the morning in Shanghai
    StageChange.objects.update(at=datetime(2026, 2, 28, 16, tzinfo=UTC))  # the very start of 1 March there
    assert client.get("/customers/?entered_from=2026-03-01&entered_to=2026-03-01").context["count"] == 1
    StageChange.objects.update(at=datetime(2026, 2, 28, 16, tzinfo=UTC) - timedelta(seconds=1))
    assert client.get("/customers/?entered_from=2026-03-01").context["count"] == 0
    assert client.get("/customers/?entered_to=2026-02-28").context["count"] == 1
