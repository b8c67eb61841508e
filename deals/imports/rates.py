"""The import of exchange rates: one row for each currency and day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.constants import MANAGE_SALES
from accounts.organisation import get_organisation
from core.changes import ChangeLog
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Session, register
from core.imports.seen import Seen
from core.money import is_currency
from deals.models import ExchangeRate

Key = tuple[str, date]
DECIMALS, LARGEST = Decimal("0.0000000001"), Decimal(10) ** 10


@register
class RateImporter(Importer):
    key = "deals.exchangerate"
    permission = MANAGE_SALES
    label = gettext_lazy("Exchange rates")
    hint = gettext_lazy("One row for each currency and day: what one unit is worth in the base currency.")
    icon = "banknotes"
    match_keys = (("day", gettext_lazy("Currency and day")),)
    policies = ("skip", "update")
    creates = (ExchangeRate,)

    def fields(self) -> list[Field]:
        return [
            Field("currency", gettext_lazy("Currency"), ("code", "iso", "币种", "货币"), "currency",
                  required=True, max_length=3, constant=True),
            Field("on", gettext_lazy("From"), ("date", "day", "valid from", "日期", "生效日期"),
                  "date", required=True),
            Field("rate", gettext_lazy("Rate"), ("value", "exchange rate", "obs_value", "汇率"), "number",
                  help=gettext_lazy("What one unit is worth in the base currency.")),
            Field("per_base", gettext_lazy("Units for one of the base currency"), ("units per euro", "quote"),
                  "number", help=gettext_lazy("As central banks write it; the rate is one divided by it.")),
            Field("source", gettext_lazy("Source"), ("来源",), max_length=80, constant=True),
        ]  # fmt: skip

    def session(self, context: Context) -> RateSession:
        return RateSession(context)


class RateSession(Session):
    """Rates row by row; one that is there stays, or is corrected where the person chose so."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.base = get_organisation().base_currency
        self.seen = Seen() if self.trial else None

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        drafts = self._drafts(rows)
        known = self._known([draft for draft in drafts if draft])
        new: list[ExchangeRate] = []
        changes: list[tuple[ExchangeRate, dict[str, Any]]] = []
        for place, row in enumerate(rows.rows):
            draft = drafts[place]
            if draft is None:
                outcome.tell(o.ERROR, row, rows.problems[place])
                continue
            found = known.get((draft.currency, draft.on))
            if found is None and not self._seen_before(draft):
                known[draft.currency, draft.on] = draft
                new.append(draft)
                outcome.count(o.CREATED)
            elif self.plan.duplicates == "skip" or found is None or found.pk is None:
                text = _("There is already a rate of this currency on this day.")
                outcome.tell(o.SKIPPED, row, [Reason("exists", text)])
            elif found.rate == draft.rate:
                outcome.count(o.UNCHANGED)
            else:
                values = {"rate": draft.rate, **({"source": draft.source} if draft.source else {})}
                changes.append((found, values))
                outcome.count(o.UPDATED)
        outcome.make("deals.exchangerate", len(new) + len(changes))
        if log is not None:
            log.bulk_create(new)
            log.bulk_update(changes)

    def _drafts(self, rows: Parsed) -> list[ExchangeRate | None]:
        columns = [rows.column(key) for key in ("currency", "on", "rate", "per_base", "source")]
        found: list[ExchangeRate | None] = []
        for place, (currency, on, rate, per_base, source) in enumerate(zip(*columns, strict=True)):
            if place not in rows.problems:
                rate = rate if rate is not None or not per_base else 1 / per_base
                problem = self._problem(currency, rate)
                if problem:
                    rows.problem(place, problem)
            found.append(
                None
                if place in rows.problems
                else ExchangeRate(
                    currency=currency,
                    base=self.base,
                    on=on,
                    rate=rate.quantize(DECIMALS),
                    source=source or "",
                )
            )
        return found

    def _problem(self, currency: str, rate: Decimal | None) -> Reason | None:
        if not is_currency(currency):
            return Reason("not_a_currency", _("This is not a currency in use."))
        if currency == self.base:
            return Reason("base", _("The base currency needs no rate to itself."))
        if rate is None:
            return Reason("no_rate", _("There is no rate."))
        if not DECIMALS <= rate < LARGEST:
            return Reason("rate_range", _("A rate is more than zero."))
        return None

    def _known(self, drafts: Sequence[ExchangeRate]) -> dict[Key, ExchangeRate]:
        rows = ExchangeRate.objects.alive().filter(
            base=self.base, currency__in={draft.currency for draft in drafts}, on__in={d.on for d in drafts}
        )
        return {(row.currency, row.on): row for row in rows}

    def _seen_before(self, draft: ExchangeRate) -> bool:
        """In a trial nothing is written: an earlier chunk is remembered by its keys."""
        if self.seen is None:
            return False
        key = (draft.currency, draft.on.isoformat())
        before = self.seen.get(key)
        self.seen.add(key, 1)
        return bool(before)
