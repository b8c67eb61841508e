"""Random deals in several currencies, and plain Python that adds them up on its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.clock import today
from deals.models import Deal
from tests.factories.accounts import TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, SourceFactory
from tests.factories.deals import (
    CloseDateChangeFactory,
    DealFactory,
    DealStageChangeFactory,
    ExchangeRateFactory,
    LostReasonFactory,
    PipelineFactory,
    StageFactory,
)
from tests.factories.deals.pipelines import default_pipeline

DAY = timedelta(days=1)
CENT = Decimal("0.01")


class World:
    """Sixty deals of one random seed. `rates` is the only thing the sums below know of currencies."""

    def __init__(self, seed: int, deals: int = 60) -> None:
        self.dice = random.Random(seed)
        self.day = today()
        north = TeamFactory(name="North")
        self.teams = [north, TeamFactory(name="Coast", parent=north), TeamFactory(name="South"), None]
        self.owners = [UserFactory(name=f"Owner {n}", team=self.teams[n % 3]) for n in range(5)]
        self.rates: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, rates in {"USD": ("0.9137", "0.8721"), "JPY": ("0.00617",)}.items():
            for n, rate in enumerate(rates):
                on = self.day - (300 - 200 * n) * DAY
                ExchangeRateFactory(currency=currency, on=on, rate=Decimal(rate))
                self.rates.setdefault(currency, []).append((on, Decimal(rate)))
        self.default = default_pipeline()
        self.other = PipelineFactory(name="Other")
        self.stages = {
            self.default: list(self.default.stages.order_by("position")),
            self.other: [
                StageFactory(pipeline=self.other, position=0, probability=35),
                StageFactory(pipeline=self.other, position=1, probability=65, forecast_category="best_case"),
                StageFactory(pipeline=self.other, position=2, kind="won", forecast_category="closed"),
                StageFactory(pipeline=self.other, position=3, kind="lost", forecast_category="omitted"),
            ],
        }
        parent = LostReasonFactory(name="Money")
        self.reasons = [
            parent,
            LostReasonFactory(name="Too dear", parent=parent),
            LostReasonFactory(name="Time"),
            None,
        ]
        self.sources = [SourceFactory(), SourceFactory(), None]
        self.customers = [
            CustomerFactory(industry="Retail"), CustomerFactory(industry="Health"), CustomerFactory(), None,
        ]  # fmt: skip
        for _n in range(deals):
            self.deal()

    def deal(self) -> Deal:
        pick = self.dice.choice
        pipeline = pick([self.default, self.default, self.other])
        stage = pick(self.stages[pipeline])
        opened = self.day - self.dice.randint(0, 500) * DAY
        is_open = stage.kind == "open"
        closed = None if is_open else min(opened + self.dice.randint(0, 200) * DAY, self.day)
        due = self.day + self.dice.randint(-100, 250) * DAY
        amount = None if self.dice.random() < 0.1 else Decimal(self.dice.randint(1, 10**7)).scaleb(-2)
        own = is_open and self.dice.random() < 0.3
        extra: dict[str, Any] = {}
        if own:
            extra = {
                "probability": self.dice.randint(0, 100), "probability_overridden": True,
                "forecast_category": pick(["omitted", "pipeline", "commit", "best_case"]),
                "forecast_overridden": True,
            }  # fmt: skip
        deal = DealFactory(
            stage=stage, opened_on=opened, closed_on=closed, amount=amount, owner=pick([*self.owners, None]),
            team=pick(self.teams), currency=pick(["EUR", "EUR", "USD", "JPY", "CNY"]),
            expected_close_on=None if self.dice.random() < 0.15 else due, customer=pick(self.customers),
            source=pick(self.sources), lost_reason=pick(self.reasons) if stage.kind == "lost" else None,
            **extra,
        )  # fmt: skip
        if self.dice.random() < 0.2:
            deal.collaborators.add(pick(self.owners))
        if self.dice.random() < 0.06:
            type(deal)._base_manager.filter(pk=deal.pk).update(deleted_at=datetime.now(UTC))
        self._history(deal, stage)
        return deal

    def _history(self, deal: Deal, stage: Any) -> None:
        """Through some of the open stages to where it stands."""
        steps = [one for one in self.stages[deal.pipeline] if one.kind == "open" and one.pk != stage.pk]
        if stage.kind == "open":
            steps = [one for one in steps if one.position < stage.position]
        steps = sorted(
            self.dice.sample(steps, self.dice.randint(0, len(steps))), key=lambda one: one.position
        )
        at, before = datetime.combine(deal.opened_on, time(12), UTC), None
        for step in [*steps, stage]:
            seconds = self.dice.randint(0, 30 * 86_400) if before else None
            at += timedelta(seconds=seconds or 0)
            DealStageChangeFactory(deal=deal, from_stage=before, to_stage=step, at=at, seconds=seconds)
            before = step
        type(deal)._base_manager.filter(pk=deal.pk).update(stage_since=at)
        for _n in range(self.dice.randint(0, 2) if stage.kind == "open" else 0):
            days = self.dice.choice([-10, 7, 30])
            CloseDateChangeFactory(
                deal=deal, from_date=self.day, to_date=self.day + days * DAY, at=datetime.now(UTC) - DAY
            )

    # Adding up

    def seen_by(self, user: Any) -> list[Deal]:
        """The deals of a person, worked out from the rules in words: all, or own, team's and shared."""
        rows = [
            deal for deal in Deal._base_manager.select_related("stage", "customer") if not deal.deleted_at
        ]
        if user.role == "administrator":
            return rows
        teams = {user.team_id}
        teams |= {team.pk for team in self.teams if team and team.parent_id in teams}
        return [
            deal
            for deal in rows
            if deal.owner_id == user.pk
            or (deal.team_id and deal.team_id in teams)
            or deal.collaborators.filter(pk=user.pk).exists()
        ]

    def worth(self, deal: Deal) -> Decimal | None:
        """In euros at the rate of today, or of the day it closed."""
        if deal.amount is None:
            return None
        if deal.currency == "EUR":
            return deal.amount
        day = deal.closed_on or self.day
        rates = [rate for on, rate in self.rates.get(deal.currency, []) if on <= day]
        return (deal.amount * rates[-1]).quantize(CENT, ROUND_HALF_UP) if rates else None

    def total(self, deals: Iterable[Deal]) -> Decimal:
        return sum((self.worth(deal) or Decimal(0) for deal in deals), Decimal(0))

    def weighted(self, deals: Iterable[Deal]) -> Decimal:
        return sum(((self.worth(deal) or Decimal(0)) * deal.probability / 100 for deal in deals), Decimal(0))

    def unpriced(self, deals: Iterable[Deal]) -> int:
        return sum(self.worth(deal) is None for deal in deals)


def due_in(start: date, end: date) -> Callable[[Deal], bool]:
    """In the forecast of the days [start, end)."""

    def within(deal: Deal) -> bool:
        if deal.status == "lost":
            return False
        day = deal.closed_on if deal.status == "won" else deal.expected_close_on
        return day is not None and start <= day < end

    return within
