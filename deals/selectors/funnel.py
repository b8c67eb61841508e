"""The numbers of the deal funnel, for one pipeline and a period.

* A **cohort** is the deals opened in the period. A deal has **reached** a stage when it was ever in it
  or in one further down; stages of the kind "lost" are no step.
* **Win rate**, average value, cycle, reasons: of the deals closed in the period.
* **Days in a stage**: of stays that ended in the period; stays that go on are told apart.

The result is plain data, so that it can be kept (`deals.services.funnel`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import (
    Count,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncDate, TruncMonth

from accounts.clock import day_bounds, organisation_zone, today
from core.exact_sum import ExactAmount
from deals.constants import StageKind
from deals.engine.chances import conversions, velocity, win_rate
from deals.engine.stays import stays
from deals.models import Deal, DealLine, DealStageChange, Pipeline, Stage

DAY = 86_400
TENTH = 8_640  # seconds of a tenth of a day: how finely lengths of stay are counted
# What a page may be split by, and the column of a deal behind it.
SPLITS = {
    "owner": "owner",
    "source": "source",
    "industry": "customer__industry",
    "product": "",
    "pipeline": "pipeline",
}

Data = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """What the page is asked for. `path`: the stages of the pipeline on the way to a win."""

    pipeline: Pipeline
    path: list[Stage]
    start: date
    end: date
    split: str

    @property
    def opened(self) -> Q:
        return Q(opened_on__gte=self.start, opened_on__lt=self.end)

    @property
    def closed(self) -> Q:
        return Q(closed_on__gte=self.start, closed_on__lt=self.end)


def path_of(pipeline: Pipeline) -> list[Stage]:
    stages = Stage.objects.alive().filter(pipeline=pipeline).exclude(kind=StageKind.LOST)
    return list(stages.order_by("position", "pk"))


def funnel(user: Any, question: Question) -> Data:
    """Everything the page shows, over the deals this person may see."""
    everything = Deal.objects.visible_to(user).order_by()
    deals = everything.filter(pipeline=question.pipeline)
    with _room_to_sort(connections[deals.db]):
        return {
            **_cohort(deals, question),
            **_closed(deals, question, running := _running(deals)),
            "stays": _stays(deals, question, running),
            "split": _split(everything if question.split == "pipeline" else deals, question),
        }


@contextmanager
def _room_to_sort(connection: Any) -> Iterator[None]:
    """PostgreSQL's usual 4 MB of working memory send many moves through files on the disk."""
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL work_mem = '64MB'")
        yield


# The cohort


def _cohort(deals: QuerySet, question: Question) -> Data:
    """How far the deals opened in the period came, in all and by month."""
    path = question.path
    months: dict[str, dict[str, Any]] = {}
    reached = [0] * len(path)
    for month, top, status, n in _journeys(deals.filter(question.opened), question.pipeline):
        line = months.setdefault(
            month.isoformat()[:7],
            {"opened": 0, "won": 0, "lost": 0, "open": 0, "reached": [0] * len(path)},
        )
        line["opened"] += n
        line[status] += n
        for place, stage in enumerate(path):
            if top is not None and top >= stage.position:
                line["reached"][place] += n
                reached[place] += n
    lines = [{"month": month, **months[month]} for month in sorted(months)]
    return {
        "opened": sum(line["opened"] for line in lines),
        "months": lines,
        "steps": [
            {"stage": stage.pk, "reached": n, "conversion": share}
            for stage, n, share in zip(path, reached, conversions(reached), strict=True)
        ],
    }


def _journeys(deals: QuerySet, pipeline: Pipeline) -> list[tuple[date, int | None, str, int]]:
    """(month opened, furthest position, status, deals). One query that reads the moves once: asking for
    each deal's furthest move takes many times longer, and the ORM cannot group the inner part again."""
    moves = DealStageChange.objects.filter(to_stage__pipeline=pipeline).order_by()
    far = moves.exclude(to_stage__kind=StageKind.LOST).values("deal").annotate(top=Max("to_stage__position"))
    cohort = deals.annotate(month=TruncMonth("opened_on", output_field=DateField()))
    try:
        inner, params = far.values("deal", "top").query.sql_with_params()
        seen, more = cohort.values("pk", "month", "status").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[deals.db].cursor() as cursor:
        cursor.execute(_JOURNEYS.format(journeys=inner, deals=seen), (*more, *params))
        rows = cursor.fetchall()
    return [(_day(month), top, status, n) for month, top, status, n in rows]


_JOURNEYS = """
    SELECT d."month", journey."top", d."status", COUNT(*)
    FROM ({deals}) d LEFT JOIN ({journeys}) journey ON d."pk" = journey."deal"
    GROUP BY d."month", journey."top", d."status"
"""


def _day(value: Any) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


# Stays


Lengths = dict[int, dict[float, int]]


def _running(deals: QuerySet) -> Lengths:
    """By stage: for how many days open deals have been there."""
    now, zone = today(), organisation_zone()
    found: Lengths = {}
    rows = deals.filter(status=StageKind.OPEN).values_list("stage", TruncDate("stage_since", tzinfo=zone))
    for stage, since, n in rows.annotate(n=Count("pk")):
        lengths = found.setdefault(stage, {})
        days = float(max((now - since).days, 0))
        lengths[days] = lengths.get(days, 0) + n
    return found


def _stays(deals: QuerySet, question: Question, running: Lengths) -> Data:
    """By stage: the median of ended stays, and what is known of those that go on."""
    start, end = day_bounds(question.start)[0], day_bounds(question.end)[0]
    moves = DealStageChange.objects.filter(
        from_stage__pipeline=question.pipeline, deal__in=deals.values("pk")
    )
    moves = moves.filter(at__gte=start, at__lt=end, seconds__isnull=False).order_by()
    ended: Lengths = {}
    for stage, tenths, n in moves.values_list("from_stage", F("seconds") / TENTH).annotate(n=Count("pk")):
        ended.setdefault(stage, {})[tenths / 10] = n
    return {
        str(stage): asdict(stays(ended.get(stage, {}), running.get(stage, {})))
        for stage in ended.keys() | running.keys()
    }


# What was closed


def _closed(deals: QuerySet, question: Question, running: Lengths) -> Data:
    """Win rate, average value, cycle and velocity; why deals were lost."""
    length = ExpressionWrapper(F("closed_on") - F("opened_on"), output_field=DurationField())
    rows = list(
        deals.filter(question.closed)
        .values("status", "lost_reason", parent=F("lost_reason__parent"))
        .annotate(
            n=Count("pk"),
            unpriced=Count("pk", filter=Q(amount_base=None)),
            total=Sum(ExactAmount("amount_base")),
            length=Sum(length),
        )
    )
    won = [row for row in rows if row["status"] == StageKind.WON]
    lost = [row for row in rows if row["status"] == StageKind.LOST]
    n_won, n_lost = (sum(row["n"] for row in part) for part in (won, lost))
    unpriced = sum(row["unpriced"] for row in won)
    amount = sum((row["total"] or 0 for row in won), Decimal(0))
    average = amount / (n_won - unpriced) if n_won > unpriced else None
    cycle = sum(row["length"].total_seconds() for row in won) / DAY / n_won if n_won else None
    rate = win_rate(n_won, n_lost)
    n_open = sum(sum(lengths.values()) for lengths in running.values())
    daily = velocity(open_deals=n_open, average_won=average, rate=rate.rate, cycle_days=cycle)
    return {
        "open": n_open,
        "won": n_won,
        "lost": n_lost,
        "unpriced": unpriced,
        "won_amount": str(amount),
        "average": _text(average),
        "cycle": cycle,
        "rate": rate.rate,
        "low": rate.low,
        "high": rate.high,
        "velocity": _text(daily),
        "reasons": _reasons(lost),
    }


def _reasons(rows: list[Data]) -> list[Data]:
    """Reasons with those under them, the most frequent first."""
    tops: dict[int | None, list[Data]] = {}
    for row in rows:
        line = {
            "reason": row["lost_reason"],
            "n": row["n"],
            "amount": str(row["total"] or 0),
            "unpriced": row["unpriced"],
        }
        tops.setdefault(row["parent"] or row["lost_reason"], []).append(line)
    found = [
        {
            "reason": top,
            "n": sum(line["n"] for line in lines),
            "amount": str(sum(Decimal(line["amount"]) for line in lines)),
            "unpriced": sum(line["unpriced"] for line in lines),
            "children": sorted(
                (line for line in lines if line["reason"] != top), key=lambda line: -line["n"]
            ),
        }
        for top, lines in tops.items()
    ]
    return sorted(found, key=lambda line: (-line["n"], line["reason"] or 0))


# By owner, source, segment, product, pipeline


def _split(deals: QuerySet, question: Question) -> list[Data]:
    """Each group's cohort, what is open, and what was closed in the period."""
    closed = question.closed
    parts = {
        "opened": question.opened,
        "open": Q(status=StageKind.OPEN),
        "won": closed & Q(status=StageKind.WON),
        "lost": closed & Q(status=StageKind.LOST),
    }
    # A deal has several lines of one product: only there a deal could be counted twice.
    twice = question.split == "product"
    counts = {name: Count("pk", filter=part, distinct=twice) for name, part in parts.items()}
    if twice:
        return _lines(_by_product(deals, counts))
    won = parts["won"]
    rows = deals.values(key=F(SPLITS[question.split])).annotate(
        **counts,
        amount=Sum(ExactAmount("amount_base"), filter=won),
        unpriced=Count("pk", filter=won & Q(amount_base=None)),
    )
    return _lines(rows)


def _by_product(deals: QuerySet, counts: dict[str, Any]) -> Iterator[Data]:
    """A deal counts for each of its products; its amount cannot be told apart."""
    lines = DealLine.objects.alive().filter(product__isnull=False)
    with_lines = deals.filter(lines__deleted_at=None, lines__product__isnull=False)
    yield from with_lines.values(key=F("lines__product")).annotate(**counts)
    bare = deals.filter(~Exists(lines.filter(deal=OuterRef("pk")))).aggregate(**counts)
    yield {"key": None, **bare}


def _lines(rows: Iterable[Data]) -> list[Data]:
    merged: dict[Any, Data] = {}
    for row in rows:
        key = row["key"] or None  # no customer and a customer without an industry are one group
        line = merged.setdefault(
            key, {"key": key, "opened": 0, "open": 0, "won": 0, "lost": 0, "amount": None, "unpriced": 0}
        )
        for name in ("opened", "open", "won", "lost", "unpriced"):
            line[name] += row.get(name, 0)
        if row.get("amount") is not None:
            line["amount"] = str(Decimal(line["amount"] or 0) + row["amount"])
    found = [
        line for line in merged.values() if line["opened"] or line["open"] or line["won"] or line["lost"]
    ]
    return sorted(found, key=lambda line: (-(line["won"] + line["lost"]), -line["opened"], str(line["key"])))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
