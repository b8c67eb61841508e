"""From parsed rows to deals: names looked up, dates and stages made consistent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.clock import organisation_zone, today
from accounts.models import Team, User
from accounts.organisation import get_organisation
from core.imports.parsed import Parsed, Reason
from core.imports.plan import Plan
from core.text import fold
from customers.models import Source
from deals.constants import StageKind
from deals.models import LostReason, Pipeline, Product, Stage

_MOST = Decimal(10) ** 14
_NOON = dt.time(12)
#: Columns a row fills as they stand.
PLAIN = ("name", "external_id", "lost_note", "campaign", "description", "expected_close_on", "kind")


@dataclass(slots=True)
class Draft:
    """A deal in the making; the first five are what `Buyers` asks of a row."""

    customer: tuple[str, str, str]  # number, e-mail, name
    country: str
    ordered_at: dt.datetime
    place: int
    customer_id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    stage: Stage | None = None
    product: str = ""

    @property
    def number(self) -> str:
        return self.values.get("external_id") or ""


class Names:
    """What names in cells stand for; read once for a session."""

    def __init__(self, plan: Plan) -> None:
        self.people: dict[str, User] = {}
        # Deals of people who have left are theirs still; of equal names the one who is here counts.
        for user in User.objects.order_by("-is_active", "pk").select_related("team"):
            self.people.setdefault(user.email.lower(), user)
            self.people.setdefault(fold(user.name), user)
        self.teams = {fold(name): pk for pk, name in Team.objects.values_list("pk", "name")}
        self.sources = {fold(name): pk for pk, name in Source.objects.values_list("pk", "name")}
        self.pipelines = self._by_name(Pipeline.objects.alive().order_by("-is_default", "position"))
        self.default = next(iter(self.pipelines.values()), None)
        self.stages: dict[int, dict[str, Stage]] = {}
        for pipeline in set(self.pipelines.values()):
            rows = Stage.objects.alive().filter(pipeline=pipeline).select_related("pipeline")
            found = self._by_name(rows.order_by("position", "pk"))
            for kind in StageKind.values:
                first = next((stage for stage in found.values() if stage.kind == kind), None)
                if first is not None:
                    found.setdefault(kind, first)
                    found.setdefault(f"closed {kind}", first)
            self.stages[pipeline.pk] = found
        self.reasons = self._by_name(LostReason.objects.alive().order_by("parent", "position"))
        self.entry = str(plan.options.get("entry_stage", ""))

    def _by_name(self, rows: Any) -> dict[str, Any]:
        """By the name as kept and as read in each language; the first of equal ones counts."""
        found: dict[str, Any] = {}
        for row in rows:
            names = {row.name}
            for code in ("en", "zh-hans"):
                with translation.override(code):
                    names.add(str(row))
            for name in names:
                found.setdefault(fold(name), row)
        return found

    def first_stage(self, stage: Stage) -> Stage:
        """Where a deal of this pipeline began, as far as a file can tell."""
        stages = self.stages[stage.pipeline_id]
        return stages.get(fold(self.entry)) or stages.get(StageKind.OPEN) or stage

    def products(self, names: set[str]) -> dict[str, Product]:
        """The products of a chunk by their folded code and name."""
        keys = {fold(name)[:200] for name in names}
        rows = Product.objects.alive().filter(Q(sort_name__in=keys) | Q(sku__in=names)).order_by("-pk")
        found: dict[str, Product] = {}
        for row in rows:
            found[fold(row.name)] = row
            found.setdefault(fold(row.sku), row)
        return found


class DealBuilder:
    """Drafts of one chunk; what is wrong with a row is noted with it."""

    def __init__(self, plan: Plan, rows: Parsed, names: Names) -> None:
        self.plan, self.rows, self.names = plan, rows, names
        self.zone, self.day = organisation_zone(), today()
        self.base_currency = get_organisation().base_currency
        self.unknown_owners = 0
        self.plain = {name: rows.column(name) for name in PLAIN}
        self.custom = [(key, column) for key, column in rows.single.items() if key.startswith("custom.")]

    def build(self) -> list[Draft | None]:
        """One draft a row, None where the row cannot be one."""
        return [
            self._draft(place) if place not in self.rows.problems else None
            for place in range(self.rows.count)
        ]

    def noon(self, day: dt.date) -> dt.datetime:
        """The moment a day of the file stands for in the stage history."""
        return dt.datetime.combine(day, _NOON, self.zone)

    def _draft(self, place: int) -> Draft | None:
        values = {
            name: column[place] for name, column in self.plain.items() if column[place] not in (None, "")
        }
        stage = self._stage(place)
        self._money(place, values)
        self._people(place, values)
        if stage is not None:
            self._days(place, values, stage)
            self._reason(place, values, stage)
        source = self._text("source", place)
        if source:
            values["source_id"] = self._known("source", place, source, self.names.sources)
        found = {key.removeprefix("custom."): column[place] for key, column in self.custom if column[place]}
        if found:
            values["custom"] = {key: str(value) for key, value in found.items()}
        if place in self.rows.problems or stage is None:
            return None
        customer = tuple(self._text(f"customer_{name}", place) for name in ("number", "email", "name"))
        product = self._text("product", place)
        values.setdefault("name", self._name(values, customer[2], product)[:200])
        opened = self.noon(values["opened_on"])
        return Draft(customer, self._text("country", place), opened, place, None, values, stage, product)  # type: ignore[arg-type]

    def _text(self, key: str, place: int) -> str:
        return self.rows.column(key)[place] or ""

    def _name(self, values: dict[str, Any], customer: str, product: str) -> str:
        parts = [part for part in (product, customer) if part]
        return " · ".join(parts) or values.get("external_id") or _("Deal")

    def _stage(self, place: int) -> Stage | None:
        asked = self._text("pipeline", place)
        pipeline = self.names.pipelines.get(fold(asked)) if asked else self.names.default
        if pipeline is None:
            self._problem("pipeline", place, "no_pipeline", _("There is no pipeline “%s”."), asked)
            return None
        stages = self.names.stages[pipeline.pk]
        name = self._text("stage", place)
        stage = stages.get(fold(name)) if name else stages.get(StageKind.OPEN)
        if stage is None:
            text = _("There is no stage “%s” in this pipeline. Choose one for it in the review step.")
            self._problem("stage", place, "no_stage", text, name)
        return stage

    def _money(self, place: int, values: dict[str, Any]) -> None:
        amount = self.rows.column("amount")[place]
        currency = self._text("currency", place) or (amount.currency if amount else "") or self.base_currency
        values["currency"] = currency
        if amount is None:
            return
        if not 0 <= amount.amount < _MOST:
            self._problem("amount", place, "amount_range", _("An amount is zero or more."), "")
        else:
            values["amount"] = amount.amount.quantize(Decimal("0.01"))

    def _people(self, place: int, values: dict[str, Any]) -> None:
        """Somebody nobody here is called leaves the deal without an owner; the result says how many."""
        name = self._text("owner", place)
        user = (
            self.names.people.get(name.strip().lower()) or self.names.people.get(fold(name)) if name else None
        )
        if user is not None:
            values |= {"owner_id": user.pk, "team_id": user.team_id}
        elif name:
            self.unknown_owners += 1
        team = self._text("team", place)
        if team:
            values["team_id"] = self._known("team", place, team, self.names.teams)

    def _known(self, key: str, place: int, text: str, known: dict[str, int]) -> int | None:
        found = known.get(fold(text))
        if found is None:
            words = _("There is nothing called “%s”. Choose an existing one in the review step.")
            self._problem(key, place, f"no_{key}", words, text)
        return found

    def _days(self, place: int, values: dict[str, Any], stage: Stage) -> None:
        opened, closed = self.rows.column("opened_on")[place], self.rows.column("closed_on")[place]
        if stage.kind == StageKind.OPEN:
            if closed is not None:  # an open deal is only expected to close
                values.setdefault("expected_close_on", closed)
            closed = None
        elif closed is None:
            text = _("A closed deal needs the day it was closed, an open one has none.")
            self._problem("closed_on", place, "no_day", text, "")
        elif closed > self.day:
            text = _("A deal cannot be closed on a day to come.")
            self._problem("closed_on", place, "day_to_come", text, "")
        values["closed_on"] = closed
        values["opened_on"] = min(opened or closed or self.day, closed or opened or self.day)

    def _reason(self, place: int, values: dict[str, Any], stage: Stage) -> None:
        name = self._text("lost_reason", place)
        if stage.kind != StageKind.LOST:
            values.pop("lost_note", None)
        elif name:
            found = self.names.reasons.get(fold(name))
            if found is None:
                text = _("There is no lost reason “%s”. Choose an existing one in the review step.")
                self._problem("lost_reason", place, "no_reason", text, name)
            else:
                values["lost_reason_id"] = found.pk

    def _problem(self, key: str, place: int, code: str, text: str, value: str) -> None:
        words = text % value if "%s" in text else text
        self.rows.problem(place, Reason(code, words, self.plan.header_of(key)))
