"""The weekly snapshot of the forecast and the nightly count of what stages are worth."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation
from accounts.organisation import get_organisation
from core.nightly import nightly_step
from core.periods import period_of
from deals.constants import StageKind
from deals.models import DealStageChange, DealTotal, ForecastSnapshot, Stage, StoredResult
from deals.selectors import chances
from deals.selectors.totals import added

BATCH = 2_000
PLACE = ("month", "pipeline", "owner", "team", "category")


@nightly_step("deals.measure_stages")
def measure_stages(day: date | None = None) -> int:
    """Count how often each stage led to a win, for pages that cannot count so many moves themselves."""
    rows = DealStageChange.objects.order_by().count()
    counts = chances.count_closed()
    StoredResult.objects.update_or_create(
        key=chances.KEY,
        defaults={
            "data": [[stage, won, closed] for stage, (won, closed) in sorted(counts.items())],
            "rows": rows,
            "computed_at": timezone.now(),
        },
    )
    return len(counts)


@nightly_step("deals.snapshot_forecast")
def snapshot_forecast(day: date) -> int:
    """What the forecast says, once a week: on its Monday, or the first night after it."""
    with transaction.atomic():
        # Of two nights at once the second waits here and then finds the first one's rows.
        Organisation.objects.select_for_update().filter(pk=1).first()
        monday = day - timedelta(days=day.weekday())
        if ForecastSnapshot.objects.filter(taken_on__gte=monday, taken_on__lte=day).exists():
            return 0
        return take_snapshot(day)


def take_snapshot(day: date) -> int:
    """Write the snapshot of a day: from the quarter that runs on, open and won deals with a day."""
    organisation = get_organisation()
    start = period_of(day, "quarter", fiscal_start=organisation.fiscal_year_start).start
    stages = [stage for stage in Stage.objects.order_by() if stage.kind != StageKind.LOST]
    worth = chances.stage_chances(stages)
    found = added(
        DealTotal.objects.filter(Q(month__gte=start), stage__in=[stage.pk for stage in stages]),
        (*PLACE, "stage"),
    )
    places: dict[tuple[Any, ...], ForecastSnapshot] = {}
    for (*place, stage), total in found.items():
        key = tuple(place)
        if key not in places:
            names = dict(zip(("month", *(f"{name}_id" for name in PLACE[1:4]), "category"), key, strict=True))
            places[key] = ForecastSnapshot(
                taken_on=day, currency=organisation.base_currency, deals=0, unpriced=0, amount=Decimal(0),
                weighted=Decimal(0), weighted_measured=Decimal(0), **names,
            )  # fmt: skip
        row = places[key]
        row.deals += total.deals
        row.unpriced += total.unpriced
        row.amount += total.amount
        row.weighted += total.weighted
        row.weighted_measured += total.amount * worth.value(stage)  # type: ignore[operator]
    ForecastSnapshot.objects.bulk_create(places.values(), batch_size=BATCH)
    return len(places)
