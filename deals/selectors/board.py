"""What the board of a pipeline shows: columns with their sums and first cards.

Sums come from the roll-up unless a filter asks for what it does not know; either way they are those
of this moment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.organisation import get_organisation
from core.boards import CARDS, FIRST, BoardCard, step_state
from core.filters import relative_range
from core.lists import ListState
from core.money import format_money
from core.periods import period_of
from core.tables import row_url
from customers.models import Customer
from deals.models import Pipeline, Stage
from deals.quarters import QUARTERS, quarter
from deals.selectors.totals import Total, Totals, live_totals, totals

# Filters the roll-up can answer; the close period by whole months, for open deals.
ROLLED = frozenset({"pipeline", "owner", "team", "mine"})
WHOLE_MONTHS = frozenset({"this_month", *QUARTERS})
QUARTER, YEAR, ALL = "quarter", "year", "all"
#: What closed columns show.
DONE: dict[str, Any] = {
    QUARTER: gettext_lazy("Closed this quarter"),
    YEAR: gettext_lazy("Closed this year"),
    ALL: gettext_lazy("All closed"),
}


class BoardState(ListState):
    """The list's filters, and what closed columns show."""

    own = frozenset({"done"})

    @property
    def done(self) -> str:
        asked = self.params.get("done", "")
        return asked if asked in DONE else QUARTER


@dataclass(frozen=True)
class Card(BoardCard):
    """One deal on the board."""

    customer: str = ""
    amount: str = ""
    rotting: bool = False

    @property
    def url(self) -> str:
        return row_url("deals:deal_detail", self.pk)

    @property
    def move_url(self) -> str:
        return row_url("deals:deal_place_form", self.pk)


@dataclass
class BoardColumn:
    stage: Stage
    total: Total
    base: str
    share: int = 0  # of the amounts on the board, in percent
    cards: list[Card] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.total.deals

    @property
    def follow(self) -> bool:
        """Whether further cards come after the first ones."""
        return self.count > FIRST

    @property
    def notes(self) -> list[str]:
        """Sum and weighted sum, and what they leave out."""
        total, words = self.total, []
        if total.deals > total.unpriced:
            sums = [format_money(total.amount, self.base, whole=True)]
            if self.stage.is_open:
                weighted = format_money(total.weighted, self.base, whole=True)
                sums.append(_("%(sum)s weighted") % {"sum": weighted})
            words.append(" · ".join(sums))
        if total.unpriced:
            without = ngettext(
                "%(n)s without an amount in %(currency)s",
                "%(n)s without an amount in %(currency)s",
                total.unpriced,
            )
            n = number_format(total.unpriced, force_grouping=True)
            words.append(without % {"n": n, "currency": self.base})
        return words


class Board:
    """One pipeline as one person sees it through these filters."""

    def __init__(self, state: BoardState, pipeline: Pipeline, *, today: date, now: datetime) -> None:
        self.state, self.pipeline, self.today, self.now = state, pipeline, today, now
        self.user = state.user
        self.stages = list(Stage.objects.alive().filter(pipeline=pipeline).order_by("position", "pk"))
        self.base = get_organisation().base_currency

    def columns(self, *, cards: bool = True) -> list[BoardColumn]:
        """The columns in the order of the pipeline: one query for the sums, one for each column's cards."""
        found = self._totals()
        columns = [BoardColumn(s, found.get((s.pk,), Total()), self.base) for s in self.stages]
        everything = sum((column.total.amount for column in columns), Decimal(0))
        for column in columns:
            column.share = round(100 * column.total.amount / everything) if everything else 0
        if cards:
            self._deal(columns)
        return columns

    def rest(self, stage: Stage) -> list[Card]:
        """The cards of one column after the first ones."""
        rows = list(self._rows(stage)[FIRST:CARDS])
        names = self._customers(rows)
        return [self._card(row, names) for row in rows]

    def closed_span(self) -> tuple[date, date] | None:
        """The half-open span of days closed columns show; None for all."""
        if self.state.done == ALL:
            return None
        if self.state.done == QUARTER:
            return quarter(self.today)
        year = period_of(self.today, "year", fiscal_start=get_organisation().fiscal_year_start)
        return year.start, year.end

    # Sums

    def _totals(self) -> Totals:
        filters, span = self.state.filterset.filters, self.closed_span()
        rows = self.state.queryset
        asked = set(filters)
        open_, closed = self._of(open_=True), self._of(open_=False)
        by_day = Q() if span is None else Q(closed_on__gte=span[0], closed_on__lt=span[1])
        if self.state.text or asked - ROLLED - {"close"}:
            return live_totals(rows, by=("stage",), where=open_ | closed & by_day)
        theirs = self._theirs()
        if "close" not in asked:
            by_month = Q() if span is None else Q(month__gte=span[0], month__lt=span[1])
            return totals(self.user, by=("stage",), where=theirs & (open_ | closed & by_month))
        months = self._close_months()
        if months is None:
            return live_totals(rows, by=("stage",), where=open_ | closed & by_day)
        rolled = totals(self.user, by=("stage",), where=theirs & open_ & months)
        return rolled | live_totals(rows, by=("stage",), where=closed & by_day)

    def _of(self, *, open_: bool) -> Q:
        return Q(stage__in=[stage.pk for stage in self.stages if stage.is_open == open_])

    def _theirs(self) -> Q:
        """Owner and team as asked for, as a condition on the roll-up."""
        given, where = self.state.filterset.form.cleaned_data if self.state.filterset.filters else {}, Q()
        for name in ("owner", "team"):
            values = given.get(name)
            if values:
                some = Q(**{f"{name}__in": [value.pk for value in values if value != "none"]})
                where &= some | Q(**{f"{name}__isnull": True}) if "none" in values else some
        return where & Q(owner=self.user.pk) if given.get("mine") else where

    def _close_months(self) -> Q | None:
        """The asked period of the expected close, where it is made of whole months."""
        name = self.state.filterset.form.cleaned_data.get("close")
        if not name:
            return Q()
        if name not in WHOLE_MONTHS:
            return None
        start, end = (
            quarter(self.today, list(QUARTERS).index(name) - 1)
            if name in QUARTERS
            else relative_range(name, self.today)
        )
        return Q(month__gte=start, month__lt=end)

    # Cards

    def _deal(self, columns: list[BoardColumn]) -> None:
        rows = _together([self._rows(column.stage)[:FIRST] for column in columns if column.count])
        names = self._customers(rows)
        for column in columns:
            own = [row for row in rows if row["stage"] == column.stage.pk]
            own.sort(key=_place, reverse=not column.stage.is_open)
            column.cards = [self._card(row, names) for row in own]

    def _rows(self, stage: Stage) -> QuerySet:
        """Those that should close next come first; of closed ones, the newest."""
        rows: QuerySet = self.state.queryset.filter(stage=stage.pk)
        if stage.is_open:
            rows = rows.order_by(F("expected_close_on").asc(nulls_last=True), "pk")
        else:
            span = self.closed_span()
            if span is not None:
                rows = rows.filter(closed_on__gte=span[0], closed_on__lt=span[1])
            rows = rows.order_by("-closed_on", "-pk")
        return rows.values(*CARD)

    def _customers(self, rows: list[dict[str, Any]]) -> dict[int, str]:
        """The names of those customers the person may see."""
        ids = {row["customer"] for row in rows if row["customer"]}
        return dict(Customer.objects.visible_to(self.user).filter(pk__in=ids).values_list("pk", "name"))

    def _card(self, row: dict[str, Any], names: dict[int, str]) -> Card:
        step, rots, amount = row["next_step_on"], row["rots_on"], row["amount"]
        return Card(
            row["pk"], row["name"], row["version"], row["owner__name"] or "",
            max(0, (self.now - row["stage_since"]).days), step_state(step, self.today), step,
            customer=names.get(row["customer"], ""),
            amount="" if amount is None else format_money(amount, row["currency"]),
            rotting=rots is not None and rots <= self.today,
        )  # fmt: skip


def _together(columns: list[QuerySet]) -> list[dict[str, Any]]:
    """The first rows of all columns, in one query where the database can cut each part of it."""
    if len(columns) > 1 and connection.features.supports_slicing_ordering_in_compound:
        return list(columns[0].union(*columns[1:], all=True))
    return [row for rows in columns for row in rows]


def _place(row: dict[str, Any]) -> tuple[Any, ...]:
    """Where a card stands in its column, as `Board._rows` orders them."""
    day = row["closed_on"] or row["expected_close_on"]
    return (day is None, day or date.min, row["pk"])


CARD = (
    "stage", "expected_close_on", "closed_on", "pk", "name", "version", "customer", "owner__name",
    "stage_since", "next_step_on", "rots_on", "amount", "currency",
)  # fmt: skip
