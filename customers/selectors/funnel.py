"""The numbers of the funnel page.

Terms, all of them over customers the reader may see:

* **entered**: the customer's first stage change. A cohort is everybody who entered in a period.
* **reached** a stage: was ever in it or in one further down the funnel; stages of the kind
  "lost" are no step of the funnel and are counted apart.
* **conversion** of a stage: reached it ÷ reached the stage before.
* **days in a stage**: of stays that ended in the period (a stage change away from it).
* **won**: reached the first stage of the kind "customer".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import Aggregate, Count, FloatField, Max, Min, Q, QuerySet

from customers.constants import StageKind
from customers.models import LifecycleStage, StageChange

DAY = 86_400


@dataclass(frozen=True)
class Step:
    """One stage of the funnel for a cohort."""

    stage: LifecycleStage
    now: int  # customers in it at this moment, whatever the cohort
    reached: int
    conversion: float | None  # of the step before, 0–1; None for the first or after nobody
    median_days: float | None
    stays: int  # ended stays the median is taken of


@dataclass(frozen=True)
class Group:
    """The cohort of one source or owner."""

    pk: int | None
    entered: int
    won: int
    lost: int

    @property
    def rate(self) -> float | None:
        return self.won / self.entered if self.entered else None


@dataclass(frozen=True)
class Funnel:
    entered: int
    lost: int
    steps: list[Step]
    lost_stages: list[Step]
    by_source: list[Group]
    by_owner: list[Group]


class Median(Aggregate):
    """PostgreSQL's continuous median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def funnel(customers: QuerySet, *, start: datetime | None, end: datetime | None) -> Funnel:
    """Everything the page shows; `customers` are visible (and filtered)."""
    with _room_to_sort(connections[customers.db]):
        return _funnel(customers, start, end)


@contextmanager
def _room_to_sort(connection: Any) -> Iterator[None]:
    """PostgreSQL's usual 4 MB of working memory send 100,000 moves through files on the disk."""
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL work_mem = '64MB'")
        yield


def _funnel(customers: QuerySet, start: datetime | None, end: datetime | None) -> Funnel:
    stages = list(LifecycleStage.objects.order_by("position", "pk"))
    now = dict(customers.order_by().values_list("stage").annotate(n=Count("pk")))
    cohort = _cohort(customers, start, end)
    medians = _medians(customers, start, end)
    steps: list[Step] = []
    path = [stage for stage in stages if stage.kind != StageKind.LOST]
    for stage in path:
        reached = sum(row["n"] for row in cohort if row["top"] is not None and row["top"] >= stage.position)
        before = steps[-1].reached if steps else 0
        conversion = reached / before if before else None
        steps.append(_step(stage, now, reached, conversion, medians))
    lost_stages = [
        _step(stage, now, sum(row["n"] for row in cohort if row["stage"] == stage.pk), None, medians)
        for stage in stages
        if stage.kind == StageKind.LOST
    ]
    won_at = min((stage.position for stage in path if stage.kind == StageKind.CUSTOMER), default=None)
    return Funnel(
        entered=sum(row["n"] for row in cohort),
        lost=sum(step.reached for step in lost_stages),
        steps=steps,
        lost_stages=lost_stages,
        by_source=_groups(cohort, lambda row: row["source"], won_at),
        by_owner=_groups(cohort, lambda row: row["owner"], won_at),
    )


def _step(stage: LifecycleStage, now: dict, reached: int, conversion: float | None, medians: dict) -> Step:
    median, stays = medians.get(stage.pk, (None, 0))
    return Step(stage, now.get(stage.pk, 0), reached, conversion, median, stays)


def _cohort(customers: QuerySet, start: datetime | None, end: datetime | None) -> list[dict[str, Any]]:
    """How many of the cohort by furthest position, present stage, source and owner.

    One query that reads the stage changes once: asking for each customer's first and furthest
    change takes fifty times longer. The ORM makes the inner part and cannot group it again.
    """
    further = Max("to_stage__position", filter=~Q(to_stage__kind=StageKind.LOST))
    moves = StageChange.objects.order_by()
    journeys = moves.values("customer").annotate(entered=Min("at"), top=further)
    if start:
        journeys = journeys.filter(entered__gte=start)
    if end:
        journeys = journeys.filter(entered__lt=end)
    people = customers.order_by().values("pk", "stage", "source", "owner")
    try:
        inner, params = journeys.values("customer", "top").query.sql_with_params()
        seen, more = people.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[moves.db].cursor() as cursor:
        cursor.execute(_COHORT.format(journeys=inner, customers=seen), (*params, *more))
        names = ("top", "stage", "stage__kind", "source", "owner", "n")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_COHORT = """
    SELECT journey."top", c."stage", s.kind, c."source", c."owner", COUNT(*)
    FROM ({journeys}) journey
    JOIN ({customers}) c ON c."pk" = journey."customer"
    JOIN customers_lifecyclestage s ON s.id = c."stage"
    GROUP BY journey."top", c."stage", s.kind, c."source", c."owner"
"""


def _groups(
    cohort: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any], won_at: int | None
) -> list[Group]:
    sums: dict[Any, list[int]] = {}
    for row in cohort:
        counts = sums.setdefault(key(row), [0, 0, 0])
        counts[0] += row["n"]
        if won_at is not None and row["top"] is not None and row["top"] >= won_at:
            counts[1] += row["n"]
        if row["stage__kind"] == StageKind.LOST:
            counts[2] += row["n"]
    groups = [Group(pk, *counts) for pk, counts in sums.items()]
    return sorted(groups, key=lambda group: (-group.entered, group.pk or 0))


def _medians(
    customers: QuerySet, start: datetime | None, end: datetime | None
) -> dict[int, tuple[float, int]]:
    """(median days, number of stays) by stage."""
    stays = StageChange.objects.filter(from_stage__isnull=False, seconds__isnull=False)
    stays = stays.filter(customer__in=customers.order_by().values("pk")).order_by()
    if start:
        stays = stays.filter(at__gte=start)
    if end:
        stays = stays.filter(at__lt=end)
    if connections[stays.db].vendor == "postgresql":
        rows = stays.values_list("from_stage").annotate(median=Median("seconds"), n=Count("pk"))
        return {stage: (median / DAY, n) for stage, median, n in rows}
    found = {}
    for stage, n in stays.values_list("from_stage").annotate(n=Count("pk")):
        # The middle row, or the two in the middle: never more than two rows leave the database.
        middle = stays.filter(from_stage=stage).order_by("seconds", "pk").values_list("seconds", flat=True)
        values = list(middle[(n - 1) // 2 : n // 2 + 1])
        found[stage] = (sum(values) / len(values) / DAY, n)
    return found
