"""The numbers of the forecast page, read from the roll-up.

* **Period** of a deal: the one its expected close day is in or, once won, the day it was won. Lost
  deals are in no forecast.
* **Weighted**: closed deals whole, open ones by their probability; omitted ones are left out.
* **Measured**: the same, open deals by how often their stage has led to a win
  (`deals.selectors.chances`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.models import Team, User
from core.periods import Period
from deals.constants import ForecastCategory, StageKind
from deals.models import Pipeline, Stage
from deals.selectors.chances import StageChances, stage_chances
from deals.selectors.totals import Total, Totals, totals

ZERO = Decimal(0)
PLACE = ("month", "category", "stage")
# While so few people use the copy, each has a row at once; else a team is opened to see them.
FEW_PEOPLE = 30


@dataclass
class Figures:
    """What one person or team has in one period."""

    deals: int = 0
    unpriced: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    weighted: Decimal = ZERO
    measured: Decimal = ZERO

    def take(self, category: str, total: Total, chance: Decimal) -> None:
        self.deals += total.deals
        self.unpriced += total.unpriced
        self.amounts[category] = self.amounts.get(category, ZERO) + total.amount
        if category != ForecastCategory.OMITTED:
            self.weighted += total.weighted
            self.measured += total.amount * chance

    def add(self, other: Figures) -> None:
        self.deals += other.deals
        self.unpriced += other.unpriced
        for category, amount in other.amounts.items():
            self.amounts[category] = self.amounts.get(category, ZERO) + amount
        self.weighted += other.weighted
        self.measured += other.measured

    def value(self, measure: str) -> Decimal:
        """A category's amount, or one of the two weighted sums."""
        if measure in ("weighted", "measured"):
            return getattr(self, measure)
        return self.amounts.get(measure, ZERO)


@dataclass
class Row:
    """A team with all below it, or a person in a team."""

    kind: str  # "team" or "person"
    pk: int | None
    name: str
    level: int
    cells: list[Figures]
    team: int | None = None  # of a person
    teams: tuple[int, ...] = ()  # a team and those below it
    is_open: bool = False


@dataclass(frozen=True)
class StageLine:
    """A stage beside what it was worth so far."""

    stage: Stage
    total: Total  # of the open deals in the periods shown


@dataclass(frozen=True)
class Forecast:
    periods: list[Period]
    columns: list[Figures]
    rows: list[Row]
    stages: list[StageLine]
    chances: StageChances
    before: Total  # open deals that should have closed before the first period
    after: Total
    undated: Total

    @property
    def total(self) -> Figures:
        return summed(self.columns)


def summed(cells: Iterable[Figures]) -> Figures:
    found = Figures()
    for cell in cells:
        found.add(cell)
    return found


def forecast(
    user: Any, periods: Sequence[Period], *, pipeline: Pipeline | None = None, opened: int | None = None
) -> Forecast:
    """Everything the page shows of the deals this person may see. `opened`: the team whose people have
    rows of their own (0: those without a team)."""
    stages = [stage for stage in _stages(pipeline) if stage.kind != StageKind.LOST]
    chances = stage_chances(stages)
    start, end = periods[0].start, periods[-1].end
    within = Q(month__gte=start, month__lt=end)
    everyone = User.objects.filter(is_active=True)[: FEW_PEOPLE + 1].count() <= FEW_PEOPLE
    keys = ("team", "owner") if everyone else ("team",)
    mine = Q(stage__in=[stage.pk for stage in stages])
    found = totals(user, by=(*keys, *PLACE), where=mine & within)
    tree = _Tree(periods, chances)
    for (team, *rest), total in found.items():
        tree.take(team, rest[-3:], total)
        if everyone:
            tree.take_person(team, rest[0], rest[-3:], total)
    if not everyone and opened is not None:
        inside = mine & within & Q(team=opened or None)
        for (owner, *place), total in totals(user, by=("owner", *PLACE), where=inside).items():
            tree.take_person(opened or None, owner, place, total)
    columns = tree.columns()
    return Forecast(
        periods=list(periods),
        columns=columns,
        rows=tree.rows(everyone=everyone, opened=opened),
        stages=_lines(stages, found),
        chances=chances,
        **_outside(user, stages, start, end),
    )


def _stages(pipeline: Pipeline | None) -> list[Stage]:
    rows = Stage.objects.order_by("pipeline__position", "pipeline", "position", "pk")
    return list(rows.filter(pipeline=pipeline) if pipeline else rows)


def _outside(user: Any, stages: list[Stage], start: date, end: date) -> dict[str, Total]:
    """Open deals that no period shows."""
    is_open = Q(stage__in=[stage.pk for stage in stages if stage.kind == StageKind.OPEN])
    outside = Q(month__lt=start) | Q(month__gte=end) | Q(month__isnull=True)
    found = {"before": Total(), "after": Total(), "undated": Total()}
    for (month,), total in totals(user, by=("month",), where=is_open & outside).items():
        name = "undated" if month is None else "before" if month < start else "after"
        found[name] += total
    return found


def _lines(stages: list[Stage], found: Totals) -> list[StageLine]:
    sums: dict[int, Total] = {}
    for place, total in found.items():
        sums[place[-1]] = sums.get(place[-1], Total()) + total
    return [StageLine(stage, sums.get(stage.pk, Total())) for stage in stages if stage.kind == StageKind.OPEN]


class _Tree:
    """Adds up places into teams and people."""

    def __init__(self, periods: Sequence[Period], chances: StageChances) -> None:
        self.periods = periods
        self.chances = chances
        self.place = {month: n for n, period in enumerate(periods) for month in period.months()}
        self.teams: dict[int | None, list[Figures]] = {}
        self.people: dict[tuple[int | None, int | None], list[Figures]] = {}

    def take(self, team: int | None, place: Sequence[Any], total: Total) -> None:
        self._add(self._cells(self.teams, team), place, total)

    def take_person(self, team: int | None, owner: int | None, place: Sequence[Any], total: Total) -> None:
        self._add(self._cells(self.people, (team, owner)), place, total)

    def _add(self, cells: list[Figures], place: Sequence[Any], total: Total) -> None:
        month, category, stage = place
        cells[self.place[month]].take(category, total, self.chances.value(stage))

    def columns(self) -> list[Figures]:
        return [summed(cells[n] for cells in self.teams.values()) for n in range(len(self.periods))]

    def rows(self, *, everyone: bool, opened: int | None) -> list[Row]:
        """Teams under their parents, people under their team; teams without a deal are left out."""
        children: dict[int | None, list[tuple[int, str]]] = {}
        for pk, name, parent in Team.objects.order_by("name", "pk").values_list("pk", "name", "parent"):
            children.setdefault(parent, []).append((pk, name))
        owners = {owner for _team, owner in self.people if owner}
        names = dict(User.objects.filter(pk__in=owners).values_list("pk", "name")) if owners else {}
        found: list[Row] = []

        def visit(team: int, name: str, level: int) -> Row | None:
            row = Row("team", team, name, level, self._copy(team), teams=(team,))
            row.is_open = everyone or opened == team
            place = len(found)
            found.append(row)
            found.extend(self._people(team, level + 1, names))
            for child in children.get(team, []):
                below = visit(*child, level + 1)
                if below is not None:
                    row.teams += below.teams
                    for cell, more in zip(row.cells, below.cells, strict=True):
                        cell.add(more)
            if not any(cell.deals for cell in row.cells):
                del found[place:]
                return None
            return row

        for team in children.get(None, []):
            visit(*team, 0)
        if None in self.teams:
            loose = Row("team", None, "", 0, self._copy(None), is_open=everyone or opened == 0)
            found += [loose, *self._people(None, 1, names)]
        return found

    def _people(self, team: int | None, level: int, names: dict[int, str]) -> list[Row]:
        rows = [
            Row("person", owner, names.get(owner or 0, ""), level, cells, team=team)
            for (of, owner), cells in self.people.items()
            if of == team
        ]
        return sorted(rows, key=lambda row: (row.pk is None, row.name, row.pk or 0))

    def _cells(self, rows: dict[Any, list[Figures]], key: Any) -> list[Figures]:
        if key not in rows:
            rows[key] = [Figures() for _ in self.periods]
        return rows[key]

    def _copy(self, team: int | None) -> list[Figures]:
        return [summed([cell]) for cell in self.teams.get(team) or self._cells({}, team)]
