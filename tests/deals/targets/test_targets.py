"""Targets beside what was reached, from the rows a person may see."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.constants import Role
from core.exceptions import RuleViolation
from core.periods import period_of
from core.undo_service import undo
from customers.constants import StageKind as LifecycleKind
from customers.services.stages import change_stage
from deals.constants import TargetMetric
from deals.models import ImprovementAction, PlanLine, Target
from deals.selectors import performance
from deals.services import targets as services
from deals.services.targets import Goal
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory, stage
from tests.factories.deals import (
    DealFactory,
    ExchangeRateFactory,
    OrderFactory,
    PlanLineFactory,
    TargetFactory,
)
from tests.factories.deals.pipelines import stage as deal_stage

pytestmark = pytest.mark.django_db
D = Decimal
Q4 = period_of(date(2026, 11, 1), "quarter")


@pytest.fixture(autouse=True)
def november() -> Any:
    with time_machine.travel(datetime(2026, 11, 16, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def manager() -> Any:
    return UserFactory(role=Role.MANAGER, team=TeamFactory())


def won(amount: str, **kwargs: Any) -> Any:
    kwargs.setdefault("closed_on", date(2026, 11, 2))
    return DealFactory(stage=deal_stage(kind="won"), amount=D(amount), **kwargs)


def standing(target: Target, user: Any) -> performance.Standing:
    return performance.standings([target], Q4, user, date(2026, 11, 16))[0]


def test_a_target_of_everybody_counts_what_was_won_in_its_period() -> None:
    boss = AdministratorFactory()
    won("600.00")
    won("400.00", closed_on=date(2026, 12, 31))
    won("90.00", closed_on=date(2027, 1, 1))
    won("80.00", closed_on=date(2026, 9, 30))
    DealFactory(amount=D("70.00"))
    found = standing(TargetFactory(value=D(2000)), boss)
    assert found.reached == performance.Reached(D(1000), 2, 0)
    assert found.progress is not None
    assert (found.progress.gap, found.progress.expected, found.percent) == (D(1000), D(1000), D(50))


def test_team_person_channel_and_segment() -> None:
    boss = AdministratorFactory()
    above = TeamFactory()
    below = TeamFactory(parent=above)
    ann = UserFactory(team=below)
    fair = SourceFactory(name="Fair")
    won("100.00", owner=ann, team=below, source=fair, customer=CustomerFactory(industry="Food"))
    won("10.00", owner=UserFactory(team=above), team=above)
    won("1.00", source=fair)
    values = {
        "team above": {"team": above},
        "team below": {"team": below},
        "person": {"owner": ann},
        "channel": {"channel": "fair"},
        "segment": {"segment": "FOOD"},
        "channel of a team": {"team": above, "channel": "Fair"},
    }
    found = {name: standing(TargetFactory(**of), boss).reached.value for name, of in values.items()}
    assert found == {
        "team above": D(110),
        "team below": D(100),
        "person": D(100),
        "channel": D(101),
        "segment": D(100),
        "channel of a team": D(100),
    }


def test_only_visible_rows_count(manager: Any) -> None:
    won("100.00", team=manager.team)
    won("900.00", team=TeamFactory())
    assert standing(TargetFactory(), manager).reached.value == D(100)


def test_currencies_are_converted_and_missing_rates_are_counted() -> None:
    boss = AdministratorFactory()
    ExchangeRateFactory(currency="USD", rate=D("0.50"))
    won("100.00", currency="USD")
    won("100.00", currency="GBP")
    assert standing(TargetFactory(), boss).reached == performance.Reached(D(50), 2, 1)
    in_dollars = standing(TargetFactory(value=D(400), currency="USD", channel="x"), boss)
    assert in_dollars.progress is not None
    assert in_dollars.progress.target == D(200)
    assert standing(TargetFactory(currency="JPY", channel="y"), boss).progress is None


def test_orders_counts_and_new_customers() -> None:
    boss = AdministratorFactory()
    OrderFactory(total=D("30.00"), ordered_at=datetime(2026, 10, 1, tzinfo=UTC))
    OrderFactory(total=D("-5.00"), ordered_at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    OrderFactory(total=D("99.00"), ordered_at=datetime(2027, 1, 1, tzinfo=UTC))
    won("1.00", opened_on=date(2026, 10, 5))
    lead = CustomerFactory()
    change_stage(lead, stage=stage(LifecycleKind.CUSTOMER), actor=boss)
    change_stage(lead, stage=stage(LifecycleKind.LOYAL), actor=boss)
    change_stage(lead, stage=stage(LifecycleKind.CUSTOMER), actor=boss)
    old = CustomerFactory()
    change_stage(old, stage=stage(LifecycleKind.CUSTOMER), actor=boss, at=datetime(2026, 8, 1, tzinfo=UTC))
    change_stage(old, stage=stage(LifecycleKind.LOYAL), actor=boss)
    change_stage(old, stage=stage(LifecycleKind.CUSTOMER), actor=boss)
    found = {
        metric: standing(TargetFactory(metric=metric), boss).reached.value
        for metric in TargetMetric.values
        if metric != TargetMetric.WON_AMOUNT
    }
    assert found == {"revenue": D(25), "won_deals": D(1), "new_deals": D(1), "new_customers": D(1)}


def test_one_query_for_each_measure(django_assert_num_queries: Any) -> None:
    boss = AdministratorFactory()
    targets = [TargetFactory(channel=f"c{n}") for n in range(3)]
    targets += [TargetFactory(metric=TargetMetric.WON_DEALS, channel=f"c{n}") for n in range(3)]
    standing(targets[0], boss)
    with django_assert_num_queries(3):  # two measures and the tree of teams
        performance.standings(targets, Q4, boss, date(2026, 11, 16))


def test_goals_are_set_once_and_undone_together(manager: Any) -> None:
    goals = [Goal(D(120)), Goal(D(80), channel="direct"), Goal(D(40), channel="online")]
    change, count = services.set_goals(metric="revenue", period=Q4, goals=goals, actor=manager)
    assert count == 3
    again, _count = services.set_goals(metric="revenue", period=Q4, goals=goals, actor=manager)
    assert again is None
    assert sorted(Target.objects.alive().values_list("channel", "value", "currency")) == [
        ("", D(120), "EUR"),
        ("direct", D(80), "EUR"),
        ("online", D(40), "EUR"),
    ]
    assert change is not None
    undo(change, actor=manager)
    assert not Target.objects.alive().exists()


def test_a_goal_of_nothing_changes_nothing(manager: Any) -> None:
    with pytest.raises(RuleViolation):
        services.set_goals(
            metric="revenue", period=Q4, goals=[Goal(D(5)), Goal(D(0), channel="x")], actor=manager
        )
    assert not Target.objects.exists()


def test_the_period_is_made_whole_and_a_second_target_is_refused(manager: Any) -> None:
    data = {"metric": "won_deals", "period": "quarter", "starts_on": date(2026, 11, 20), "value": D(7)}
    target = services.create_target(data=data, actor=manager)
    assert (target.starts_on, target.ends_before, target.currency) == (
        date(2026, 10, 1),
        date(2027, 1, 1),
        "",
    )
    with pytest.raises(ValidationError, match="already a target"):
        services.create_target(data=data, actor=manager)


def test_deleting_takes_the_plan_along_and_undo_brings_it_back(manager: Any) -> None:
    line = PlanLineFactory(target=TargetFactory(team=manager.team))
    change = services.delete_target(target=line.target, actor=manager)
    assert not PlanLine.objects.alive().exists()
    undo(change, actor=manager)
    assert PlanLine.objects.alive().get().target == Target.objects.alive().get()


def test_who_sets_targets_and_who_works_on_the_plan(manager: Any) -> None:
    seller = UserFactory(role=Role.SALES, team=manager.team)
    analyst = UserFactory(role=Role.ANALYST, team=manager.team)
    target = TargetFactory(team=manager.team)
    line = PlanLineFactory(target=target, responsible=seller)
    other = PlanLineFactory(target=target)
    assert [Target.objects.editable_by(who).count() for who in (manager, seller, analyst)] == [1, 0, 0]
    assert set(PlanLine.objects.editable_by(seller)) == {line}
    assert set(PlanLine.objects.editable_by(manager)) == {line, other}
    assert not PlanLine.objects.editable_by(analyst).exists()
    assert not ImprovementAction.objects.editable_by(seller).exists()


def test_what_follows_a_closed_period() -> None:
    boss = AdministratorFactory()
    q3 = Q4.previous()
    day = date(2026, 11, 16)
    for quarter, amount in ((q3.previous(2), "100"), (q3.previous(), "120"), (q3, "140")):
        won(amount, closed_on=quarter.start, source=SourceFactory(name=f"Fair {amount}"))
    met = TargetFactory(starts_on=q3.start, value=D(140), channel="Fair 140")
    missed = TargetFactory(starts_on=q3.start, value=D(500))
    TargetFactory(starts_on=Q4.start, value=D(1))
    found = performance.suggestions([met, missed], q3, boss, day)
    assert [(s.value, s.reason, s.already) for s in found] == [
        (D(154), "met", False),
        (D(160), "trend", True),
    ]
