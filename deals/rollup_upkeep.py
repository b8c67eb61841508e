"""Merging the rows PostgreSQL's triggers append to `DealTotal`, so that sums stay quick."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.models import Max

from core.nightly import nightly_step
from deals.models import DealTotal
from deals.rollup import COLUMNS, PLACE, filled, merged

# Rows more than there are places, above which merging pays.
SPARE = 2_000


def tidy_totals() -> bool:
    """Merge when there is enough to merge; says whether it did. SQLite has one row for each place."""
    if connection.vendor != "postgresql":
        return False
    places = DealTotal.objects.order_by().values(*PLACE).distinct().count()
    if DealTotal.objects.count() <= places + places // 2 + SPARE:
        return False
    merge_totals()
    return True


def rebuild_totals() -> None:
    """Add everything up anew, after rows were loaded past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in filled(connection.vendor):
            cursor.execute(statement)


@nightly_step("deals.merge_totals")
def merge_nightly(day: date) -> None:
    merge_totals()


def merge_totals() -> None:
    """One statement, so that readers see the rows as they were or merged, and rows appended meanwhile
    are left for the next time."""
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        last = DealTotal.objects.aggregate(last=Max("pk"))["last"]
        cursor.execute(
            f"WITH gone AS (DELETE FROM deals_dealtotal WHERE id <= %s RETURNING {COLUMNS}) "  # noqa: S608 (our own names)
            + merged("SELECT * FROM gone"),
            [last or 0],
        )
