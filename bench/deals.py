"""The deals of a benchmark database: one for each customer, with their way through the pipeline.

Two in three are closed, over three years; the open ones close in the year to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.load import load
from deals.models import Deal, DealStageChange, LostReason, Pipeline, Stage
from deals.services.derived import deal_text

LOADED = (Deal, DealStageChange)
PRODUCTS = ("Standard boxes", "Yearly supply", "Pilot", "Spare parts", "Service contract", "Expansion")
PAST, FUTURE = 1095, 365  # days


def load_deals(generator: Any) -> None:
    """Called while indexes and triggers wait; the roll-up is filled afterwards."""
    rows = _Rows(generator)
    columns = (
        "id name external_id kind customer_id pipeline_id stage_id status stage_since amount currency "
        "fx_rate fx_on fx_pair amount_base probability forecast_category opened_on expected_close_on "
        "closed_on lost_reason_id owner_id team_id source_id created_at updated_at next_step_on rots_on "
        "sort_name search_text"
    )
    load(Deal, columns.split(), (rows.deal(number) for number in range(1, generator.size + 1)))
    load(DealStageChange, ["deal_id", "from_stage_id", "to_stage_id", "at", "by_id", "seconds"], rows.moves())


class _Rows:
    """Which values a deal has follows from its number alone."""

    def __init__(self, generator: Any) -> None:
        self.of = generator
        self.pipeline = Pipeline.objects.get(is_default=True)
        stages = list(Stage.objects.filter(pipeline=self.pipeline).order_by("position", "pk"))
        self.open = [stage for stage in stages if stage.is_open]
        self.won = next(stage for stage in stages if stage.kind == "won")
        self.lost = next(stage for stage in stages if stage.kind == "lost")
        self.reasons = list(LostReason.objects.order_by("pk").values_list("pk", flat=True))
        self.day = {
            n: (generator.today + timedelta(days=n)).isoformat() for n in range(-PAST - 400, FUTURE + 1)
        }

    def stage(self, number: int) -> Stage:
        if number % 3 == 0:
            return self.open[number // 3 % len(self.open)]
        return self.won if number % 7 < 3 else self.lost

    def deal(self, number: int) -> tuple[Any, ...]:
        of, stage = self.of, self.stage(number)
        mixed = number * 2_654_435_761 % 4_294_967_296
        name = f"{PRODUCTS[mixed % len(PRODUCTS)]} {number}"
        owner, team = of.seller(number)
        at = of.moments[number * 31 % len(of.moments)]
        away = mixed // 7 % FUTURE if stage.is_open else -(mixed // 7 % PAST)
        opened = self.day[min(away, 0) - mixed % 200]
        amount = None if number % 20 == 0 else f"{mixed % 90_000 + 500}.00"
        closed, expected = (None, self.day[away]) if stage.is_open else (self.day[away], None)
        return (
            number, name, f"D{number:07}", "new", number, self.pipeline.pk, stage.pk, stage.kind, at,
            amount, "EUR", 1, self.day[0], "EUREUR", amount, stage.probability, stage.forecast_category,
            opened, expected, closed,
            self.reasons[number % len(self.reasons)] if stage.kind == "lost" else None, owner, team,
            of.sources[number % len(of.sources)], at, at,
            self.day[number % 30] if stage.is_open and number % 4 else None,
            self.day[number % 60 - 30] if stage.is_open else None, name.lower(),
            deal_text(name, f"D{number:07}", of.name(number)[0]),
        )  # fmt: skip

    def moves(self) -> Iterator[tuple[Any, ...]]:
        of = self.of
        for number in range(1, of.size + 1):
            owner, stage = of.seller(number)[0], self.stage(number)
            at = of.moments[number * 31 % len(of.moments)]
            yield number, None, self.open[0].pk, at, owner, None
            if stage.pk != self.open[0].pk:
                yield number, self.open[0].pk, stage.pk, at, owner, number % 5_000_000
