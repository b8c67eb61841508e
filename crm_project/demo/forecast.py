"""Sample exchange rates of two years, and what the forecast said in past weeks.

The snapshots are not made up: each is worked out from the moves and close dates of the sample deals as
they stood on that day, so that accuracy and deals tell the same story.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.clock import organisation_zone
from core.changes import ChangeLog
from core.periods import add_months, period_of
from deals.constants import ForecastCategory, StageKind
from deals.engine.chances import chance
from deals.models import CloseDateChange, Deal, DealStageChange, ExchangeRate, ForecastSnapshot, Stage
from deals.selectors.rates import Rates

# What one unit was worth in euros on average, and how far a month moves it.
RATES = {"USD": ("0.915", 0.012), "GBP": ("1.165", 0.008), "CNY": ("0.1272", 0.010)}
MONTHS, WEEKS = 26, 52
ZERO = Decimal(0)


def make_rates(log: ChangeLog, now: datetime) -> None:
    """A rate for each month of the last two years, wandering about its average."""
    dice = random.Random("rates")  # noqa: S311  not a secret
    first = add_months(now.date().replace(day=1), 1 - MONTHS)
    rows = []
    for currency, (usual, step) in RATES.items():
        drift = 0.0
        for month in range(MONTHS):
            drift = 0.8 * drift + dice.gauss(0, step)
            rate = (Decimal(usual) * Decimal(str(1 + drift))).quantize(Decimal("0.0001"))
            rows.append(
                ExchangeRate(
                    currency=currency, base="EUR", on=add_months(first, month), rate=rate, source="Sample"
                )
            )
    log.bulk_create(rows)


@dataclass
class _Story:
    """One deal with its moves and changes of date, oldest first."""

    deal: Deal
    moves: list[tuple[date, Stage]]
    dates: list[CloseDateChange]


def make_snapshots(now: datetime) -> list[ForecastSnapshot]:
    """What each Monday of the last year would have said."""
    zone = organisation_zone()
    today = now.astimezone(zone).date()
    stories, rates = _stories(), Rates()
    rows = []
    for week in range(WEEKS, 0, -1):
        monday = today - timedelta(days=today.weekday()) - timedelta(weeks=week - 1)
        rows += snapshot_of(monday, stories, rates)
    return ForecastSnapshot.objects.bulk_create(rows)


def _stories() -> list[_Story]:
    zone = organisation_zone()
    moves, dates = defaultdict(list), defaultdict(list)
    for move in DealStageChange.objects.select_related("to_stage").order_by("at", "pk"):
        moves[move.deal_id].append((move.at.astimezone(zone).date(), move.to_stage))
    for change in CloseDateChange.objects.order_by("at", "pk"):
        dates[change.deal_id].append(change)
    return [_Story(deal, moves[deal.pk], dates[deal.pk]) for deal in Deal.objects.alive()]


def snapshot_of(day: date, stories: list[_Story], rates: Rates) -> list[ForecastSnapshot]:
    """The forecast as it stood at the end of a day."""
    start = period_of(day, "quarter").start
    chances = _chances(day, stories)
    places: dict[tuple[Any, ...], ForecastSnapshot] = {}
    for story in stories:
        stage = _stage_on(day, story)
        if stage is None or stage.kind == StageKind.LOST:
            continue
        won = stage.kind == StageKind.WON
        due = story.deal.closed_on if won else _due_on(day, story)
        if due is None or due < start:
            continue
        deal, category = story.deal, ForecastCategory.CLOSED if won else stage.forecast_category
        place = (due.replace(day=1), deal.pipeline_id, deal.owner_id, deal.team_id, category)
        row = places.setdefault(place, _empty(day, place, rates.base))
        amount = rates.to_base(deal.amount, deal.currency, deal.closed_on if won and deal.closed_on else day)
        row.deals += 1
        row.unpriced += amount is None
        row.amount += amount or ZERO
        row.weighted += (amount or ZERO) * stage.probability / 100
        worth = Decimal(1) if won else chances[stage.pk]
        row.weighted_measured = (row.weighted_measured or ZERO) + (amount or ZERO) * worth
    return list(places.values())


def _empty(day: date, place: tuple[Any, ...], currency: str) -> ForecastSnapshot:
    month, pipeline, owner, team, category = place
    return ForecastSnapshot(
        taken_on=day, month=month, pipeline_id=pipeline, owner_id=owner, team_id=team, category=category,
        deals=0, unpriced=0, amount=ZERO, weighted=ZERO, weighted_measured=ZERO, currency=currency,
    )  # fmt: skip


def _stage_on(day: date, story: _Story) -> Stage | None:
    """Where the deal stood; None before it was opened."""
    return next((stage for at, stage in reversed(story.moves) if at <= day), None)


def _due_on(day: date, story: _Story) -> date | None:
    """When it was expected to close: what the next change moved it from, else what stands there now."""
    zone = organisation_zone()
    later = (change for change in story.dates if change.at.astimezone(zone).date() > day)
    change = next(later, None)
    return story.deal.expected_close_on if change is None else change.from_date


def _chances(day: date, stories: list[_Story]) -> dict[int, Decimal]:
    """What each open stage was worth, from the deals closed by that day."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    stages = {stage.pk: stage for story in stories for _at, stage in story.moves}
    for story in stories:
        end = _stage_on(day, story)
        if end is not None and end.kind != StageKind.OPEN:
            for pk in {stage.pk for at, stage in story.moves if at <= day}:
                counts[pk][0] += end.kind == StageKind.WON
                counts[pk][1] += 1
    return {
        pk: chance(set_percent=stage.probability, won=counts[pk][0], closed=counts[pk][1]).value
        for pk, stage in stages.items()
    }
