"""The pages of targets: what is shown, set and refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.constants import Role
from deals.models import ImprovementAction, PlanLine, SalesSettings, Target
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import SourceFactory
from tests.factories.deals import DealFactory, OrderFactory, PlanLineFactory, TargetFactory
from tests.factories.deals.pipelines import stage

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(datetime(2026, 11, 16, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager() -> Any:
    return UserFactory(role=Role.MANAGER, team=TeamFactory(name="North"))


@pytest.fixture
def page(manager: Any) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_period_without_targets_says_what_to_do(page: Client) -> None:
    response = page.get("/targets/")
    assert "No targets in this period" in text(response)
    assert "/targets/goals/" in text(response)


def test_targets_beside_what_was_reached(page: Client, manager: Any) -> None:
    DealFactory(stage=stage(kind="won"), amount=D("2500.00"), team=manager.team, closed_on=date(2026, 10, 7))
    TargetFactory(team=manager.team)
    body = text(page.get("/targets/?period=2026-q4"))
    assert "North" in body
    assert "€10,000" in body
    assert "€2,500" in body
    assert "25 %" in body
    assert "Behind" in body
    assert "North" not in text(page.get("/targets/?period=2026-q3"))


@pytest.mark.parametrize("key", ["", "x", "2026-q9", "9999", "2026-13", "<script>"])
def test_a_typed_period_falls_back_to_this_quarter(page: Client, key: str) -> None:
    assert page.get("/targets/", {"period": key}).context["period"].key == "2026-q4"


def test_one_target_with_its_drivers(page: Client, manager: Any) -> None:
    for day, amount in ((date(2026, 9, 1), "500"), (date(2026, 10, 1), "600"), (date(2026, 10, 2), "600")):
        DealFactory(stage=stage(kind="won"), amount=D(amount), team=manager.team, closed_on=day)
    chance = {"probability": 50, "probability_overridden": True}
    DealFactory(amount=D("1000"), team=manager.team, expected_close_on=date(2026, 12, 24), **chance)
    target = TargetFactory(team=manager.team)
    response = page.get(target.get_absolute_url())
    context = response.context
    assert (context["before"].won, context["now"].won, context["effects"].total) == (1, 2, D(700))
    assert (context["outlook"].deals, context["outlook"].weighted) == (1, D(500))
    assert "does not cover the gap" in text(response)


def test_setting_a_target_and_changing_it(page: Client) -> None:
    sent = {"metric": "won_deals", "when": "2026-11", "value": "5"}
    response = page.post("/targets/new/", sent, follow=True)
    target = Target.objects.alive().get()
    assert (target.period, target.starts_on, target.value, target.currency) == (
        "month",
        date(2026, 11, 1),
        D(5),
        "",
    )
    assert "The target is set." in text(response)
    response = page.post("/targets/new/", sent)
    assert response.status_code == 422
    assert "There is already a target" in text(response)
    edit = {**sent, "when": "2026-q4", "value": "9", "version": target.version}
    assert page.post(f"/targets/{target.pk}/edit/", edit).status_code == 302
    target.refresh_from_db()
    assert (target.period, target.ends_before, target.value) == ("quarter", date(2027, 1, 1), D(9))


def test_a_target_is_for_a_person_or_a_team(page: Client, manager: Any) -> None:
    sent = {
        "metric": "won_deals",
        "when": "2026-11",
        "value": "5",
        "owner": manager.pk,
        "team": manager.team.pk,
    }
    response = page.post("/targets/new/", sent)
    assert response.status_code == 422
    assert not Target.objects.exists()


def test_the_default_goal_is_last_period_and_a_fifth_split_by_what_each_channel_brought(page: Client) -> None:
    client = Client()
    boss = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(boss)
    for channel, total in (("Direct", "750.00"), ("Online", "250.00")):
        OrderFactory(total=D(total), channel=channel, ordered_at=datetime(2026, 11, 2, tzinfo=UTC))
    response = client.get("/targets/goals/")
    assert response.context["previous"].key == "2026-q4"
    assert response.context["total"] == D(1200)
    assert [(share.name, value) for share, _field, value in response.context["rows"]] == [
        ("Direct", D(900)),
        ("Online", D(300)),
    ]
    sent = {"metric": "revenue", "when": "2027-q1", "factor": "1.5", "weight-0": "1", "weight-1": "1"}
    assert client.get("/targets/goals/", sent).context["total"] == D(1500)
    assert not Target.objects.exists()
    assert client.post("/targets/goals/", sent).status_code == 302
    assert sorted(Target.objects.values_list("channel", "value")) == [
        ("", D(1500)),
        ("Direct", D(750)),
        ("Online", D(750)),
    ]


def test_without_a_past_the_goal_is_typed(page: Client) -> None:
    response = page.get("/targets/goals/")
    assert [share.name for share, _field, _value in response.context["rows"]] == [
        "Direct",
        "Partner",
        "Online",
    ]
    sent = {"metric": "revenue", "when": "2027-q1", "factor": "1.2"}
    assert page.post("/targets/goals/", sent).status_code == 422
    assert page.post("/targets/goals/", {**sent, "goal": "1000.50", "weight-2": "4"}).status_code == 302
    assert sorted(Target.objects.values_list("channel", "value")) == [
        ("", D("1000.50")),
        ("Online", D("1000.50")),
    ]


def test_after_a_period_the_next_targets_are_proposed_changed_and_taken(page: Client, manager: Any) -> None:
    fair = SourceFactory(name="Fair")
    DealFactory(
        stage=stage(kind="won"), amount=D(1000), team=manager.team, source=fair, closed_on=date(2026, 8, 3)
    )
    met = TargetFactory(team=manager.team, starts_on=date(2026, 7, 1), value=D(1000))
    left = TargetFactory(team=manager.team, starts_on=date(2026, 7, 1), value=D(1000), channel="Fair")
    url = "/targets/proposals/?period=2026-q3"
    assert [value for _s, _who, value, _error in page.get(url).context["rows"]] == [D(1100), D(1100)]
    wrong = page.post(url, {f"take-{met.pk}": "on", f"value-{met.pk}": "-1"})
    assert wrong.status_code == 422
    assert page.post(url, {f"take-{met.pk}": "on", f"value-{met.pk}": "1,250"}).status_code == 302
    following = Target.objects.get(starts_on=date(2026, 10, 1))
    assert (following.team, following.value, following.channel) == (manager.team, D(1250), "")
    assert left.channel


def test_an_open_period_proposes_nothing(page: Client, manager: Any) -> None:
    TargetFactory(team=manager.team)
    response = page.get("/targets/proposals/?period=2026-q4")
    assert "not over yet" in text(response)
    assert response.context["rows"] == []


def test_the_plan_is_worked_off_by_whoever_is_responsible(page: Client, manager: Any) -> None:
    target = TargetFactory(team=manager.team)
    seller = UserFactory(role=Role.SALES, team=manager.team)
    sent = {"activity": "Fair in Leipzig", "budget": "900", "responsible": seller.pk}
    assert page.post(f"/targets/{target.pk}/plan/new/", sent).status_code == 302
    line = PlanLine.objects.get()
    theirs = Client()
    theirs.force_login(seller)
    for _twice in range(2):
        assert theirs.post(f"/targets/plan/{line.pk}/done/").status_code == 302
    line.refresh_from_db()
    assert (line.done_on, line.version) == (date(2026, 11, 16), 2)
    stranger = Client()
    stranger.force_login(UserFactory(role=Role.SALES, team=manager.team))
    assert stranger.post(f"/targets/plan/{PlanLineFactory(target=target).pk}/done/").status_code == 403


def test_an_improvement_is_followed_to_its_end(page: Client, manager: Any) -> None:
    target = TargetFactory(team=manager.team)
    sent = {"cause": "Slow answers", "action": "A desk for quotes", "state": "planned"}
    assert page.post(f"/targets/{target.pk}/improvements/new/", sent).status_code == 302
    action = ImprovementAction.objects.get()
    done = {**sent, "state": "done", "result": "A day faster", "version": action.version}
    assert page.post(f"/targets/improvements/{action.pk}/edit/", done).status_code == 302
    assert "A day faster" in text(page.get(target.get_absolute_url()))


def test_sales_settings(page: Client) -> None:
    sent = {
        "goal_factor": "1.30", "quote_valid_days": "14", "quote_reminder_days": "3",
        "renewal_reminder_days": "60", "quote_terms": "Net 30.",
    }  # fmt: skip
    assert page.get("/settings/sales/").status_code == 200
    assert page.post("/settings/sales/", sent).status_code == 302
    row = SalesSettings.load()
    assert (row.goal_factor, row.quote_valid_days, row.version) == (D("1.30"), 14, 1)
    assert page.post("/settings/sales/", {**sent, "goal_factor": "2", "version": "1"}).status_code == 302
    stale = page.post("/settings/sales/", {**sent, "goal_factor": "3", "version": "1"})
    assert stale.status_code == 409
    assert SalesSettings.load().goal_factor == D(2)
    assert page.post("/settings/sales/", {**sent, "goal_factor": "0", "version": "2"}).status_code == 422
