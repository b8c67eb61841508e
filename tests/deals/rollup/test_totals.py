"""The roll-up equals what the deals add up to, whatever is done to them and by whatever way."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, Sum

from accounts.constants import Role
from core.changes import change_set
from core.models import ChangeSet
from core.undo import undo
from deals.constants import ForecastCategory, StageKind
from deals.models import Deal, DealTotal
from deals.rollup_upkeep import merge_totals, rebuild_totals, tidy_totals
from deals.selectors.totals import Total, live_totals, totals
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.deals import DealFactory, PipelineFactory, StageFactory

pytestmark = pytest.mark.django_db

PLACE = ("pipeline", "stage", "owner", "team", "category", "month")


def added_up_in_python() -> dict[tuple[Any, ...], Total]:
    """An independent account: every deal read and added, one by one."""
    found: dict[tuple[Any, ...], Total] = defaultdict(Total)
    for deal in Deal._base_manager.filter(deleted_at=None):
        day = deal.expected_close_on if deal.status == StageKind.OPEN else deal.closed_on
        place = (
            deal.pipeline_id, deal.stage_id, deal.owner_id, deal.team_id, deal.forecast_category,
            day and day.replace(day=1),
        )  # fmt: skip
        amount = deal.amount_base or Decimal(0)
        weighted = amount * deal.probability / 100
        found[place] += Total(1, int(deal.amount_base is None), amount, weighted)
    return dict(found)


def rolled_up() -> dict[tuple[Any, ...], Total]:
    return totals(UserFactory.build(role=Role.ADMINISTRATOR), by=PLACE)


class World:
    """Pipelines, people and a die."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.teams = [None, *TeamFactory.create_batch(2)]
        self.people = [None, *UserFactory.create_batch(3)]
        self.stages = []
        for pipeline in PipelineFactory.create_batch(2):
            for kind in (StageKind.OPEN, StageKind.OPEN, StageKind.WON, StageKind.LOST):
                self.stages.append(StageFactory(pipeline=pipeline, kind=kind))
        self.acts: list[ChangeSet] = []

    def values(self) -> dict[str, Any]:
        """Columns of a deal drawn at random, as consistent as the constraints ask."""
        pick = self.dice.choice
        stage = pick(self.stages)
        day = date(2026, 1, 1) + timedelta(days=self.dice.randrange(400))
        return {
            "stage": stage,
            "pipeline": stage.pipeline,
            "status": stage.kind,
            "owner": pick(self.people),
            "team": pick(self.teams),
            "probability_overridden": True,
            "forecast_overridden": True,
            "probability": self.dice.randrange(101),
            "forecast_category": pick(ForecastCategory.values),
            "amount": pick([None, Decimal(self.dice.randrange(10**9)) / 100]),
            "expected_close_on": pick([None, day]),
            "closed_on": None if stage.kind == StageKind.OPEN else day,
        }

    def some(self) -> list[Deal]:
        rows = list(Deal._base_manager.order_by("pk"))
        return self.dice.sample(rows, min(len(rows), self.dice.randrange(1, 6)))

    def act(self) -> None:
        """One thing that happens to deals."""
        getattr(self, self.dice.choice(["make", "edit", "bulk", "same", "bin", "back", "gone", "merge"]))()

    def make(self) -> None:
        with change_set(kind=ChangeSet.Kind.IMPORT, actor=None) as log:
            log.bulk_create(
                [
                    Deal(name="New", currency="EUR", opened_on=date(2026, 1, 1), **self.values())
                    for _n in range(4)
                ]
            )
        self.acts.append(log.row)

    def edit(self) -> None:
        for deal in self.some()[:1]:
            with change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
                log.update(deal, self.values(), validate=False)
            self.acts.append(log.row)

    def bulk(self) -> None:
        with change_set(kind=ChangeSet.Kind.BULK, actor=None) as log:
            log.bulk_update((deal, self.values()) for deal in self.some())
        self.acts.append(log.row)

    def same(self) -> None:
        with change_set(kind=ChangeSet.Kind.BULK, actor=None) as log:
            ids = [deal.pk for deal in self.some()]
            log.update_queryset(
                Deal._base_manager.filter(pk__in=ids), {"owner": self.dice.choice(self.people)}
            )
        self.acts.append(log.row)

    def bin(self) -> None:
        with change_set(kind=ChangeSet.Kind.TRASH, actor=None) as log:
            for deal in self.some():
                if not deal.in_trash:
                    log.trash(deal)
        self.acts.append(log.row)

    def back(self) -> None:
        if self.acts:
            row = self.acts.pop(self.dice.randrange(len(self.acts)))
            if row.pk:
                undo(row, actor=None)

    def gone(self) -> None:
        Deal._base_manager.filter(pk__in=[deal.pk for deal in self.some()[:1]]).delete()

    def merge(self) -> None:
        merge_totals()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_roll_up_equals_the_deals(seed: int) -> None:
    world = World(seed)
    world.make()
    for _turn in range(40):
        world.act()
        assert rolled_up() == added_up_in_python()
    everybody = Deal._base_manager.filter(deleted_at=None)
    assert live_totals(everybody, by=PLACE) == added_up_in_python()


def test_sums_stay_exact_where_floats_would_drift() -> None:
    deals = [DealFactory(amount=Decimal("0.10")) for _n in range(3)]
    assert DealTotal.objects.aggregate(Sum("amount"))["amount__sum"] == Decimal("0.30")
    for deal in deals[:2]:
        deal.delete()
    assert rolled_up() == added_up_in_python()
    large = DealFactory(amount=Decimal("123456789012.34"))
    assert totals(UserFactory(role=Role.ADMINISTRATOR), by=("stage",)) == {
        (large.stage_id,): Total(2, 0, Decimal("123456789012.44"), Decimal("12345678901.244"))
    }


def test_each_sees_the_sums_of_what_they_may_see() -> None:
    north, south = TeamFactory(), TeamFactory()
    seller = UserFactory(role=Role.SALES, team=north)
    other = UserFactory(role=Role.SALES, team=south)
    DealFactory(owner=seller, team=north, amount=Decimal(1))
    DealFactory(owner=None, team=north, amount=Decimal(10))
    DealFactory(owner=other, team=south, amount=Decimal(100))
    shared = DealFactory(owner=other, team=south, amount=Decimal(1000))
    shared.collaborators.add(seller)
    mine = DealFactory(owner=seller, team=south, amount=Decimal(10_000))
    mine.collaborators.add(seller)
    DealFactory(owner=None, team=None, amount=None)
    for user in (
        seller,
        other,
        UserFactory(role=Role.MANAGER, team=south),
        UserFactory(role=Role.ADMINISTRATOR),
    ):
        visible = Deal.objects.visible_to(user)
        expected = Total(
            visible.count(), visible.filter(amount_base=None).count(),
            sum((deal.amount_base or Decimal(0) for deal in visible), Decimal(0)),
            sum((deal.amount_base or 0) * Decimal(deal.probability) / 100 for deal in visible) or Decimal(0),
        )  # fmt: skip
        assert totals(user, by=()) == {(): expected}
        assert live_totals(visible, by=()) == {(): expected}


def test_where_narrows_the_roll_up_and_the_shared_deals_alike() -> None:
    seller = UserFactory(role=Role.SALES)
    may, june = date(2026, 5, 20), date(2026, 6, 1)
    for owner, day in ((seller, may), (seller, june), (None, may), (None, june)):
        DealFactory(owner=owner, expected_close_on=day, amount=Decimal(5)).collaborators.add(seller)
    found = totals(seller, by=("owner",), where=Q(month=date(2026, 5, 1)))
    assert {place: total.amount for place, total in found.items()} == {(seller.pk,): 5, (None,): 5}


def test_everything_can_be_added_up_anew() -> None:
    DealFactory.create_batch(3)
    DealFactory().delete()
    before = rolled_up()
    DealTotal.objects.all().delete()
    rebuild_totals()
    assert rolled_up() == before == added_up_in_python()


@pytest.mark.postgres
def test_merging_leaves_one_row_for_each_place() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one row for each place anyway")
    deals = DealFactory.create_batch(5)
    deals[0].delete()
    before = rolled_up()
    assert DealTotal.objects.count() > 1
    assert tidy_totals() is False, "so few rows need no merging"
    merge_totals()
    assert DealTotal.objects.count() == 1
    assert rolled_up() == before == added_up_in_python()
