"""What follows from a deal's own columns, its stage, its customer's name and the exchange rates.

Brought up to date at the end of every change set, undo included, so it is no part of the history:
undoing a move brings the probability back because it brings the stage back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.clock import organisation_zone, today
from core.changes import CHUNK, refresh_with
from core.job_titles import register_job_page
from core.jobs import Running, enqueue, job_handler
from core.text import cjk_spaced, fold, search_text
from customers.models import Customer
from deals.constants import ForecastCategory, StageKind
from deals.models import Deal, Stage
from deals.selectors.rates import Rates
from deals.services.rates import price

FOLLOW = "deals.follow_stages"
AT_ONCE = 1_000  # deals that follow a changed stage within the request; more become a job
COLUMNS = (
    "probability", "forecast_category", "fx_rate", "fx_on", "fx_pair", "amount_base", "rots_on", "sort_name",
    "search_text",
)  # fmt: skip


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Deal, refresh_deals)
    refresh_with(Customer, refresh_deals_of_customers, fill=lambda customer: None)  # a new one has no deals
    refresh_with(Stage, follow_stages, parts=False)
    register_job_page(FOLLOW, _("Deals follow their changed stage"))


class Derivation:
    """Works out the derived columns of many deals: rates, day and time zone are read once."""

    def __init__(self) -> None:
        self.day = today()
        self.rates = Rates()
        self.day_of = day_reader()

    def of(self, deal: Deal, *, customer_name: str) -> dict[str, Any]:
        """The value of every column in COLUMNS; `deal.stage` should be loaded."""
        return {
            **guesses(deal),
            **price(deal, self.rates, self.day),
            "rots_on": rots_on(deal, deal.stage, self.day_of),
            "sort_name": fold(deal.name)[:200],
            "search_text": deal_text(deal.name, deal.external_id, customer_name),
        }


def guesses(deal: Deal) -> dict[str, Any]:
    """Probability and forecast category: the stage's until somebody overrides them. What is closed
    is not guessed any more."""
    if deal.status == StageKind.WON:
        return {"probability": 100, "forecast_category": ForecastCategory.CLOSED}
    if deal.status == StageKind.LOST:
        return {"probability": 0, "forecast_category": ForecastCategory.OMITTED}
    stage = deal.stage
    return {
        "probability": deal.probability if deal.probability_overridden else stage.probability,
        "forecast_category": deal.forecast_category if deal.forecast_overridden else stage.forecast_category,
    }


def rots_on(deal: Deal, stage: Stage, day_of: Callable[[datetime], date]) -> date | None:
    """The day a deal begins to rot: so many days after the last move or activity, and not before
    the day after a planned step. Closed deals and stages without a limit never rot."""
    if deal.status != StageKind.OPEN or stage.rotting_days is None:
        return None
    moved = [day_of(at) for at in (deal.stage_since, deal.last_activity_at) if at is not None]
    day = max(moved) + timedelta(days=stage.rotting_days)
    return day if deal.next_step_on is None else max(day, deal.next_step_on + timedelta(days=1))


def day_reader() -> Callable[[datetime], date]:
    """Says on which day of the organisation a moment falls."""
    zone = organisation_zone()
    return lambda at: at.astimezone(zone).date()


def deal_text(name: str, number: str, customer_name: str) -> str:
    """What search looks in for a deal."""
    return cjk_spaced(search_text(name, number, customer_name))


def refresh_deals(ids: Iterable[int]) -> None:
    """Recompute the derived columns of these deals; writes only what differs."""
    derivation = Derivation()
    for chunk in _chunks(ids):
        rows = list(Deal._base_manager.filter(pk__in=chunk).select_related("stage").order_by("pk"))
        customers = Customer._base_manager.filter(pk__in={row.customer_id for row in rows if row.customer_id})
        names = dict(customers.values_list("pk", "name"))
        changed = []
        for row in rows:
            values = derivation.of(row, customer_name=names.get(row.customer_id or 0, ""))
            if any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
        _write(changed, COLUMNS)


def refresh_deals_of_customers(ids: set[int]) -> None:
    """A renamed customer changes what its deals are found by."""
    for chunk in _chunks(ids):
        # Deals in the trash are brought up to date when they come back.
        rows = Deal.objects.alive().filter(customer__in=chunk).select_related("customer")
        changed = []
        for row in (
            rows.only("name", "external_id", "search_text", "customer__name").order_by("pk").iterator()
        ):
            assert row.customer is not None
            text = deal_text(row.name, row.external_id, row.customer.name)
            if text != row.search_text:
                row.search_text = text
                changed.append(row)
        Deal._base_manager.bulk_update(changed, ["search_text"], batch_size=200)


def follow_stages(ids: set[int]) -> None:
    """Deals follow the probability, category and rotting days of a changed stage: a few at once, many
    in the background."""
    rows = Deal.objects.alive().filter(stage__in=ids, status=StageKind.OPEN).order_by("pk")
    found = list(rows.values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(found) <= AT_ONCE:
        refresh_deals(found)
    else:
        enqueue(FOLLOW, arguments={"stages": sorted(ids)})


@job_handler(FOLLOW)
def run_follow_stages(job: Running) -> dict[str, Any]:
    """Step by step; done twice it finds nothing to change."""
    stages = job.arguments["stages"]
    rows = Deal.objects.alive().filter(stage__in=stages, status=StageKind.OPEN).order_by("pk")
    last, done = job.cursor or [0, 0]
    while True:
        with transaction.atomic():
            pks = list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK])
            if not pks:
                return {"deals": done}
            refresh_deals(pks)
            last, done = pks[-1], done + len(pks)
            job.step(done=done, cursor=[last, done])


def _write(rows: list[Deal], columns: Iterable[str]) -> None:
    # An upsert by primary key is many times faster than bulk_update's CASE WHEN.
    Deal._base_manager.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
    )


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
