"""Snapshots, accuracy, measured stages, the kept funnel, and addresses that make no sense."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from core.models import Job
from core.periods import parse_period
from deals.constants import ForecastCategory
from deals.models import DealStageChange, ForecastSnapshot, StoredResult
from deals.selectors import chances
from deals.selectors import forecast as forecasts
from deals.selectors.accuracy import review
from deals.services import funnel as funnels
from deals.services.forecast import measure_stages, snapshot_forecast
from deals.services.funnel import forget_old
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.deals import DealFactory, DealStageChangeFactory, ForecastSnapshotFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 5)


@pytest.fixture
def boss(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


# Snapshots


def test_a_snapshot_is_taken_once_a_week_and_made_good_after_a_missed_monday():
    DealFactory(expected_close_on=date(2026, 11, 20))
    tuesday = MONDAY + timedelta(days=1)
    assert snapshot_forecast(tuesday) == 1
    assert snapshot_forecast(tuesday) == snapshot_forecast(MONDAY + timedelta(days=6)) == 0
    assert snapshot_forecast(MONDAY + timedelta(days=7)) == 1
    assert [row.taken_on for row in ForecastSnapshot.objects.order_by("pk")] == [tuesday, date(2026, 10, 12)]


def test_a_snapshot_holds_the_running_quarter_on_without_lost_and_undated_deals():
    user = UserFactory(team=TeamFactory())
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 30), None):
        DealFactory(expected_close_on=day, owner=user, team=user.team, amount=Decimal("100.10"))
    DealFactory(stage=stage(kind="won"), closed_on=date(2026, 10, 2), amount=None)
    DealFactory(stage=stage(kind="lost"), closed_on=date(2026, 10, 2))
    assert snapshot_forecast(MONDAY) == 2
    pipeline, closed = ForecastSnapshot.objects.order_by("-category")
    assert (pipeline.month, pipeline.owner, pipeline.team) == (date(2026, 10, 1), user, user.team)
    assert (pipeline.deals, pipeline.unpriced, pipeline.amount) == (2, 0, Decimal("200.20"))
    assert pipeline.weighted == Decimal("200.20") * stage().probability / 100
    assert pipeline.weighted_measured == pipeline.weighted
    assert (closed.category, closed.deals, closed.unpriced, closed.amount) == ("closed", 1, 1, 0)


# Accuracy


def test_accuracy_compares_the_snapshot_of_the_week_with_what_came(client, boss):
    october = parse_period("2026-10")
    DealFactory(stage=stage(kind="won"), closed_on=date(2026, 10, 20), amount=Decimal("1000.00"))
    # Four weeks before the last day of October is the third; the snapshot of the week before speaks.
    for category, weighted in (("closed", 100), ("commit", 500), ("pipeline", 650), ("omitted", 999)):
        ForecastSnapshotFactory(
            taken_on=date(2026, 9, 28), category=category, weighted=weighted, amount=2 * weighted
        )
    ForecastSnapshotFactory(taken_on=date(2026, 9, 28), currency="USD", category=ForecastCategory.BEST_CASE)
    found = review(boss, [october], "weighted")
    assert found.lines == [(october, [None, None, Decimal(1250), None, None], Decimal(1000))]
    assert [(row.weeks, row.periods, row.mape, row.bias) for row in found.summary] == [
        (4, 1, Decimal("0.25"), Decimal("0.25"))
    ]
    assert review(boss, [october], "commit").lines[0][1][2] == Decimal(1200)
    with time_machine.travel(datetime(2026, 11, 10, tzinfo=UTC), tick=False):
        page = client.get(reverse("deals:forecast_accuracy"))
    assert page.context["summary"][0]["mape"] == "25.0 %"
    assert page.context["summary"][0]["says"] == "promised too much"
    assert page.context["lines"][0]["said"] == ["–", "–", "€1,250", "–", "–"]


def test_people_see_the_snapshots_of_their_own_and_their_team():
    team, other = TeamFactory(), UserFactory(team=TeamFactory())
    user = UserFactory(team=team)
    for owner in (user, other):
        ForecastSnapshotFactory(owner=owner, team=owner.team, taken_on=date(2026, 9, 28), weighted=100)
    assert review(user, [parse_period("2026-10")], "weighted").lines[0][1][2] == Decimal(100)


# What stages are worth


def closed_deals(won: int, lost: int) -> None:
    for kind, n in (("won", won), ("lost", lost)):
        for _n in range(n):
            deal = DealFactory(stage=stage(kind=kind), customer=None)
            DealStageChangeFactory(deal=deal, to_stage=stage())


@pytest.mark.slow
def test_a_stage_is_weighted_by_what_it_led_to(client, boss, monkeypatch):
    closed_deals(5, 15)
    DealFactory(amount=Decimal("1000.00"), expected_close_on=date(2026, 10, 20))
    url = reverse("deals:forecast")
    page = client.get(url, {"start": "2026-10"}).context
    assert page["forecast"].columns[0].measured == Decimal(250)
    line = page["stages"][0]
    assert (line["rate"], line["n"], line["is_measured"], line["interval"]) == (
        "25.0 %", 20, True, "11.2 % – 46.9 %",
    )  # fmt: skip
    assert page["forecast"].chances.as_of is None
    # A long history is counted by the night; pages say when.
    monkeypatch.setattr(chances, "LIVE", 5)
    page = client.get(url, {"start": "2026-10"})
    assert not page.context["forecast"].chances.counted
    assert "counted in the night to come" in page.content.decode()
    measure_stages()
    closed_deals(1, 0)
    found = client.get(url, {"start": "2026-10"}).context["forecast"]
    assert found.chances.as_of == StoredResult.objects.get().computed_at
    assert found.columns[0].measured == Decimal(250)
    measure_stages()
    assert client.get(url, {"start": "2026-10"}).context["stages"][0]["n"] == 21


def test_a_team_is_opened_where_many_people_work(client, boss, monkeypatch):
    monkeypatch.setattr(forecasts, "FEW_PEOPLE", 1)
    team = TeamFactory(name="North")
    owner = UserFactory(name="Ada", team=team)
    DealFactory(owner=owner, team=team, expected_close_on=date(2026, 10, 20))
    DealFactory(expected_close_on=date(2026, 10, 20))
    url = reverse("deals:forecast")
    rows = client.get(url, {"start": "2026-10"}).context["rows"]
    assert [(row["kind"], row["name"]) for row in rows] == [("team", "North"), ("team", "No team")]
    rows = client.get(url + rows[0]["opens"]).context["rows"]
    assert [row["name"] for row in rows] == ["North", "Ada", "No team"]
    assert rows[1]["cells"][-1][0] == rows[0]["cells"][-1][0] != "–"
    rows = client.get(url + rows[2]["opens"]).context["rows"]
    assert [row["name"] for row in rows] == ["North", "No team", "Nobody"]


# The kept funnel


@pytest.fixture
def long_history(monkeypatch):
    monkeypatch.setattr(funnels, "LIVE", 0)
    deal = DealFactory()
    DealStageChangeFactory(deal=deal, to_stage=deal.stage)


@pytest.mark.usefixtures("long_history")
def test_a_long_funnel_is_worked_out_in_the_background(client, boss, django_capture_on_commit_callbacks):
    url = reverse("deals:funnel")
    page = client.get(url)
    assert "data" not in page.context or not page.context["data"]
    assert page.context["job"].state == "queued"
    assert "appears here" in page.content.decode()
    client.get(url)
    assert Job.objects.filter(kind=funnels.JOB).count() == 1
    funnels.work_out(funnels.Running(Job.objects.get(kind=funnels.JOB)))
    Job.objects.update(state="done")
    page = client.get(url)
    assert page.context["data"]["opened"] == 1
    assert page.context["as_of"] == StoredResult.objects.get().computed_at
    assert "Work out again" in page.content.decode()
    # What is kept says so, and follows on request.
    DealFactory()
    assert client.get(url).context["data"]["opened"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("deals:funnel_again"), {"split": "owner"}).status_code == 302
    assert client.get(url).context["data"]["opened"] == 2


@pytest.mark.usefixtures("long_history")
def test_a_kept_funnel_is_for_one_person_and_ages(client, boss, django_capture_on_commit_callbacks):
    url = reverse("deals:funnel")
    with django_capture_on_commit_callbacks(execute=True):
        client.get(url)
    assert client.get(url).context["data"]["opened"] == 1
    client.force_login(UserFactory())
    with django_capture_on_commit_callbacks(execute=True):
        client.get(url)
    assert client.get(url).context["data"]["opened"] == 0
    client.force_login(boss)
    StoredResult.objects.update(computed_at=datetime.now(UTC) - timedelta(days=2))
    page = client.get(url).context
    assert (page["data"]["opened"], page["job"].state) == (1, "queued")
    StoredResult.objects.update(computed_at=datetime.now(UTC) - timedelta(days=8))
    assert forget_old(date.today()) == 2  # noqa: DTZ011


# Addresses


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("deals:forecast", "by=week&start=2026-99&pipeline=x&team=%00&show=all"),
        ("deals:forecast", "team=99999999999999999999"),
        ("deals:forecast_accuracy", "by=day&show=none"),
        ("deals:slip_list", "period=2026-q9"),
        ("deals:funnel", "period=soon&pipeline=-1&split=colour"),
        ("deals:deal_list", "due=soon&pushed=ever&reached=x&product=1&priced=perhaps"),
    ],
)
def test_an_address_that_makes_no_sense_shows_the_usual(client, boss, name, query):
    DealFactory()
    assert client.get(f"{reverse(name)}?{query}").status_code == 200


def test_moves_that_were_taken_back_are_not_counted():
    deal = DealFactory(stage=stage(kind="won"))
    row = DealStageChangeFactory(deal=deal, to_stage=stage())
    assert chances.count_closed() == {stage().pk: (1, 1)}
    DealStageChange._base_manager.filter(pk=row.pk).update(deleted_at=row.at)
    assert chances.count_closed() == {}
