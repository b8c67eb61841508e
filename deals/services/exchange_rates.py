"""Writing exchange rates, and what follows from them: deals and orders in the base currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.clock import day_bounds, organisation_zone, today
from accounts.organisation import get_organisation
from accounts.services.settings import after_change
from core.changes import CHUNK, change_set, refresh_with
from core.job_titles import register_job_page
from core.jobs import Running, enqueue, job_handler
from core.models import ChangeSet
from core.nightly import nightly_step
from deals.constants import StageKind
from deals.models import Deal, ExchangeRate, Order
from deals.selectors.rates import Rates
from deals.services.derived import refresh_deals

REPRICE = "deals.reprice"
# What a price in the base currency follows from, apart from the rates.
SETTINGS = frozenset({"base_currency", "time_zone"})


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(ExchangeRate, reprice_after, removals=True)
    refresh_with(Order, refresh_orders)
    after_change(_settings_changed)
    register_job_page(REPRICE, _("Amounts in the base currency"))


def create_rate(*, values: dict[str, Any], actor: Any) -> ExchangeRate:
    """Add a rate into the base currency of today."""
    with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
        return log.create(ExchangeRate(base=get_organisation().base_currency, **values))


def update_rate(
    rate: ExchangeRate, *, values: dict[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Correct a rate. Deals closed at the old one keep it."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(rate, values, expected_version=expected_version)
    return log.row if log.touched else None


def trash_rate(rate: ExchangeRate, *, actor: Any) -> ChangeSet:
    with change_set(kind=ChangeSet.Kind.TRASH, actor=actor) as log:
        log.trash(rate)
    return log.row


def base_totals(rows: Iterable[tuple[Any, str, datetime]], rates: Rates | None = None) -> list[Any]:
    """The totals of orders (total, currency, ordered at) in the base currency at the rate of their day."""
    rates, zone = rates or Rates(), organisation_zone()
    return [
        rates.to_base(total, currency, at.astimezone(zone).date()) if currency != rates.base else total
        for total, currency, at in rows
    ]


def refresh_orders(ids: Iterable[int]) -> None:
    """Bring `total_base` of these orders up to date; writes only what differs."""
    rates, ordered = Rates(), sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        chunk = Order._base_manager.filter(pk__in=ordered[start : start + CHUNK]).order_by("pk")
        rows = list(chunk)
        totals = base_totals([(row.total, row.currency, row.ordered_at) for row in rows], rates)
        changed = [row for row, total in zip(rows, totals, strict=True) if row.total_base != total]
        for row, total in zip(rows, totals, strict=True):
            row.total_base = total
        Order._base_manager.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"], update_fields=["total_base"], batch_size=500
        )


def reprice_after(ids: set[int]) -> None:
    """What these rates price, in the background: it may be every deal and order there is."""
    rows = ExchangeRate._base_manager.filter(pk__in=ids).values_list("currency", "on")
    since: dict[str, date] = {}
    for currency, on in rows:
        since[currency] = min(on, since.get(currency, on))
    enqueue(REPRICE, arguments={"since": {currency: on.isoformat() for currency, on in since.items()}})


def _settings_changed(names: set[str]) -> None:
    if names & SETTINGS:
        enqueue(REPRICE, arguments={"since": None})


@job_handler(REPRICE)
def reprice(job: Running) -> dict[str, int]:
    """Deals, then orders, each step in a transaction of its own; done twice it changes nothing."""
    sources = (
        (stale_deals(today()), refresh_deals),
        (_orders_since(job.arguments["since"]), refresh_orders),
    )
    phase, last, done = job.cursor or [0, 0, 0]
    for number, (rows, refresh) in enumerate(sources):
        if number < phase:
            continue
        for pks in _steps(rows, after=last if number == phase else 0):
            with transaction.atomic():
                refresh(pks)
                done += len(pks)
                job.step(done=done, cursor=[number, pks[-1], done])
    return {"repriced": done}


@nightly_step("deals.follow_rates")
def follow_rates(day: date) -> int:
    """Open deals take the rate that is in force today; nothing is done where it is yesterday's."""
    done = 0
    for pks in _steps(stale_deals(day)):
        with transaction.atomic():
            refresh_deals(pks)
        done += len(pks)
    return done


def stale_deals(day: date) -> QuerySet[Deal]:
    """Deals whose rate is not the one it should be: open ones away from the rate of the day, closed
    ones without a rate where there is one by now, or with one into another base currency."""
    rates, deals = Rates(), Deal._base_manager.order_by()
    stale = Q(pk__in=[])
    for currency in deals.values_list("currency", flat=True).distinct():
        pair, rate, first = f"{currency}{rates.base}", rates.on(currency, day), rates.first(currency)
        right = Q(fx_pair="") if rate is None else Q(fx_pair=pair, fx_rate=rate)
        priceable = Q(closed_on__gte=first) if first else Q(currency=rates.base)
        closed = (priceable & ~Q(fx_pair=pair)) | ~Q(fx_pair__in=["", pair])
        is_open = Q(status=StageKind.OPEN)
        stale |= Q(currency=currency) & ((is_open & ~right) | (~is_open & closed))
    return deals.filter(stale)


def _orders_since(since: dict[str, str] | None) -> QuerySet[Order]:
    """Orders these rates may price; all of them where the base currency changed."""
    orders = Order._base_manager.order_by()
    if since is None:
        return orders
    wanted = Q(pk__in=[])
    for currency, on in since.items():
        wanted |= Q(currency=currency, ordered_at__gte=day_bounds(date.fromisoformat(on))[0])
    return orders.filter(wanted)


def _steps(rows: QuerySet, *, after: int = 0) -> Iterator[list[int]]:
    """The ids of the rows in steps; what a step has brought up to date may leave the queryset."""
    while pks := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        after = pks[-1]
        yield pks
