"""The numbers of the funnel page, worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from customers.models import Customer
from customers.selectors.funnel import funnel
from customers.services.stages import change_stage
from customers.views.funnel import bounds
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory, StageChangeFactory, stage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def travel(customer, *steps):
    """Let a customer enter at the first (kind, day) and move on at the others."""
    (kind, day), *rest = steps
    at = START + day * DAY
    StageChangeFactory(customer=customer, to_stage=stage(kind), at=at)
    Customer.objects.filter(pk=customer.pk).update(stage=stage(kind), stage_since=at)
    for kind, day in rest:
        customer.refresh_from_db()
        change_stage(customer, stage=stage(kind), actor=None, reason="x", at=START + day * DAY)


@pytest.fixture
def world():
    fair, web = SourceFactory(name="Fair"), SourceFactory(name="Web")
    ada, bob = UserFactory(name="Ada"), UserFactory(name="Bob")
    a = CustomerFactory(source=fair, owner=ada)
    b = CustomerFactory(source=fair, owner=bob)
    c = CustomerFactory(source=web, owner=ada)
    d = CustomerFactory()
    e = CustomerFactory(source=web)
    travel(a, ("lead", 0), ("qualified", 2), ("opportunity", 6), ("customer", 7))
    travel(b, ("lead", 1), ("qualified", 5), ("lost", 9))
    travel(c, ("lead", 2), ("opportunity", 12))  # leaves a stage out: counts as having reached it
    travel(d, ("lead", 3))
    travel(e, ("lead", -40), ("customer", 4))  # entered before the period
    CustomerFactory()  # never entered: no stage change
    return {"fair": fair, "web": web, "ada": ada, "bob": bob}


def test_conversion_by_cohort_of_entry(world):
    found = funnel(Customer.objects.all(), start=START, end=START + 31 * DAY)
    assert (found.entered, found.lost) == (4, 1)
    assert [(step.stage.kind, step.reached) for step in found.steps] == [
        ("lead", 4), ("qualified", 3), ("opportunity", 2), ("customer", 1), ("loyal", 0),
    ]  # fmt: skip
    assert [step.conversion for step in found.steps] == [None, 3 / 4, 2 / 3, 1 / 2, 0]
    assert {step.stage.kind: step.now for step in found.steps} == {
        "lead": 2, "qualified": 0, "opportunity": 1, "customer": 2, "loyal": 0,
    }  # fmt: skip


def test_median_days_of_stays_that_ended_in_the_period(world):
    found = funnel(Customer.objects.all(), start=START, end=START + 31 * DAY)
    # lead: 2, 4, 10 and 44 days → (4 + 10) / 2; qualified: 4 and 4; opportunity: 1
    stays = {step.stage.kind: (step.median_days, step.stays) for step in found.steps}
    assert stays == {
        "lead": (7, 4), "qualified": (4, 2), "opportunity": (1, 1), "customer": (None, 0), "loyal": (None, 0),
    }  # fmt: skip
    late = funnel(Customer.objects.all(), start=START + 10 * DAY, end=None)
    assert (late.steps[0].median_days, late.steps[0].stays, late.entered) == (10, 1, 0)


def test_by_source_and_owner(world):
    found = funnel(Customer.objects.all(), start=START, end=None)
    assert [(g.pk, g.entered, g.won, g.lost) for g in found.by_source] == [
        (world["fair"].pk, 2, 1, 1), (None, 1, 0, 0), (world["web"].pk, 1, 0, 0),
    ]  # fmt: skip
    assert [(g.pk, g.entered, g.won, g.rate) for g in found.by_owner] == [
        (world["ada"].pk, 2, 1, 0.5), (None, 1, 0, 0), (world["bob"].pk, 1, 0, 0),
    ]  # fmt: skip


def test_of_nobody():
    found = funnel(Customer.objects.none(), start=None, end=None)
    assert (found.entered, found.lost, found.by_source) == (0, 0, [])
    assert [step.conversion for step in found.steps] == [None] * 5


def test_moves_that_were_undone_do_not_count(world):
    from core.models import ChangeSet
    from core.undo import undo

    act = ChangeSet.objects.filter(kind="stage").order_by("pk")[2]  # a becomes a customer
    undo(act, actor=None)
    found = funnel(Customer.objects.all(), start=START, end=None)
    assert found.steps[3].reached == 0


def test_the_page_shows_what_one_may_see(client, world):
    me = UserFactory(team=TeamFactory())
    travel(CustomerFactory(owner=me), ("lead", 0))
    client.force_login(me)
    response = client.get("/customers/funnel/?period=all")
    assert response.status_code == 200
    assert response.context["funnel"].entered == 1
    client.force_login(AdministratorFactory())
    response = client.get("/customers/funnel/?period=all")
    assert response.context["funnel"].entered == 6
    assert {row["name"] for row in response.context["sources"]} == {"Fair", "Web", "No source"}
    for nonsense in ("x", "", "%00", "last_999"):
        assert client.get(f"/customers/funnel/?period={nonsense}").status_code == 200


def test_periods_end_with_the_day():
    start, end = bounds("last_30", START.date())
    assert (start.date().isoformat(), end.date().isoformat()) == ("2026-01-31", "2026-03-02")
    assert bounds("all", START.date()) == (None, None)
