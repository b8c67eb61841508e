"""What the board of the lifecycle funnel shows: columns with their totals and first cards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from core.boards import CARDS, FIRST, BoardCard, step_state
from core.money import format_money
from core.tables import row_url
from customers.constants import StageKind
from customers.models import LifecycleStage


@dataclass(frozen=True)
class Card(BoardCard):
    @property
    def url(self) -> str:
        return row_url("customers:customer_detail", self.pk)

    @property
    def move_url(self) -> str:
        return row_url("customers:customer_move_form", self.pk)


@dataclass
class BoardColumn:
    stage: LifecycleStage
    count: int = 0
    share: int = 0  # of all customers on the board, in percent
    revenue: dict[str, Decimal] = field(default_factory=dict)  # by currency: never added together
    cards: list[Card] = field(default_factory=list)

    @property
    def follow(self) -> bool:
        """Whether further cards come after the first ones."""
        return self.count > FIRST

    @property
    def more(self) -> bool:
        """Whether the column has more customers than the board shows of it."""
        return self.count > CARDS

    @property
    def needs_reason(self) -> bool:
        return self.stage.kind == StageKind.LOST

    @property
    def note(self) -> str:
        """The revenue in words, largest first."""
        largest = sorted(self.revenue.items(), key=lambda pair: -pair[1])[:2]
        return " · ".join(format_money(amount, currency, whole=True) for currency, amount in largest)


def board(rows: QuerySet, *, today: date, now: datetime) -> list[BoardColumn]:
    """The columns in the order of the funnel; `rows` are visible and filtered. One query for the
    totals and one for each column's cards."""
    columns = {stage.pk: BoardColumn(stage) for stage in LifecycleStage.objects.order_by("position", "pk")}
    rows = rows.order_by()
    sums = rows.values_list("stage", "currency").annotate(n=Count("pk"), revenue=Sum("annual_revenue"))
    revenue: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for stage, currency, n, total in sums:
        columns[stage].count += n
        if total:
            revenue[stage][currency] = total
    everything = sum(column.count for column in columns.values())
    for pk, column in columns.items():
        column.revenue = revenue[pk]
        column.share = round(100 * column.count / everything) if everything else 0
        if column.count:
            column.cards = cards(rows.filter(stage=pk), today=today, now=now)
    return list(columns.values())


def cards(rows: QuerySet, *, today: date, now: datetime, start: int = 0, end: int = FIRST) -> list[Card]:
    """The newest in the stage first."""
    newest = rows.order_by("-stage_since", "-pk").values(
        "pk", "name", "version", "owner__name", "stage_since", "next_step_on"
    )
    return [_card(row, today, now) for row in newest[start:end]]


def _card(row: dict[str, Any], today: date, now: datetime) -> Card:
    step = row["next_step_on"]
    days = max(0, (now - row["stage_since"]).days)
    owner = row["owner__name"] or ""
    return Card(row["pk"], row["name"], row["version"], owner, days, step_state(step, today), step)
