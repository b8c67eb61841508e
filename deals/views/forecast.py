"""The forecast: by month or quarter, team and person, with the deals behind every number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.organisation import get_organisation
from core.money import format_money
from core.periods import parse_period, period_of
from core.tables import escape
from deals.constants import ForecastCategory
from deals.filters.insight import AFTER, BEFORE, BETWEEN, UNDATED
from deals.models import Pipeline
from deals.selectors.forecast import Figures, Forecast, Row, forecast, summed
from deals.selectors.totals import Total

# How many columns each kind of period has.
COLUMNS = {"month": 6, "quarter": 4}
KINDS = {"month": gettext_lazy("Months"), "quarter": gettext_lazy("Quarters")}
MEASURES: dict[str, Any] = {
    "closed": ForecastCategory.CLOSED.label,
    "commit": ForecastCategory.COMMIT.label,
    "best_case": ForecastCategory.BEST_CASE.label,
    "pipeline": ForecastCategory.PIPELINE.label,
    "omitted": ForecastCategory.OMITTED.label,
    "weighted": gettext_lazy("Weighted"),
    "measured": gettext_lazy("Weighted by measured probability"),
}


@login_required
@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    """Of the deals this person may see."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    asked = Asked(request)
    found = forecast(request.user, asked.periods, pipeline=asked.pipeline, opened=asked.team)
    links = Links(asked)
    names = {row.pk: str(row) for row in asked.pipelines} if asked.pipeline is None else {}
    context = {
        "asked": asked,
        "forecast": found,
        "kinds": [
            (asked.url(by=kind, start=None), label, kind == asked.kind) for kind, label in KINDS.items()
        ],
        "before": asked.url(start=asked.periods[0].previous().key),
        "after": asked.url(start=asked.periods[0].next().key),
        "measures": [(key, label, key == asked.measure) for key, label in MEASURES.items()],
        "measure": MEASURES[asked.measure],
        "categories": _categories(found, links),
        "counts": _counts(found, links),
        "rows": [_row(row, asked, links) for row in found.rows],
        "outside": _outside(found, links),
        "stages": [_stage(line, found, links, names) for line in found.stages],
        "unpriced": links.deals(priced="false") if found.total.unpriced else "",
        "base": links.base,
    }
    return render(request, "deals/forecast.html", context)


class Asked:
    """What the address asks for; what makes no sense is the usual."""

    def __init__(self, request: HttpRequest) -> None:
        params = request.GET
        self.params = {name: value for name, value in params.items() if value}
        self.kind = params["by"] if params.get("by") in COLUMNS else "month"
        fiscal = get_organisation().fiscal_year_start
        first = parse_period(params.get("start", ""), fiscal_start=fiscal)
        if first is None or first.kind != self.kind:
            first = period_of(today(), self.kind, fiscal_start=fiscal)
        self.periods = [first.next(n) for n in range(COLUMNS[self.kind])]
        self.pipelines = list(Pipeline.objects.visible_to(request.user))
        wanted = params.get("pipeline", "")
        self.pipeline = next((row for row in self.pipelines if str(row.pk) == wanted), None)
        team = params.get("team", "")[:12]
        self.team = 0 if team == "none" else int(team) if team.isascii() and team.isdigit() else None
        self.measure = params["show"] if params.get("show") in MEASURES else "weighted"

    def url(self, **changes: str | None) -> str:
        found = {**self.params, **changes}
        return "?" + urlencode({name: value for name, value in found.items() if value})


class Links:
    """The list of deals behind each number."""

    def __init__(self, asked: Asked) -> None:
        self.list = reverse("deals:deal_list")
        self.pipeline = {"pipeline": asked.pipeline.pk} if asked.pipeline else {}
        self.base = get_organisation().base_currency
        self.periods = asked.periods
        self.span = f"{asked.periods[0].key}{BETWEEN}{asked.periods[-1].key}"

    def deals(self, **narrowed: Any) -> str:
        return f"{self.list}?{urlencode({'due': self.span, **self.pipeline, **narrowed}, doseq=True)}"

    def ever(self, stage: int) -> str:
        """Closed deals that were ever in a stage."""
        return f"{self.list}?{urlencode({'entered': stage, 'status': ['won', 'lost']}, doseq=True)}"

    def cells(self, figures: Sequence[Figures], key: str, **narrowed: Any) -> Cells:
        """Amount and address for each period and for all of them; nothing there is a dash."""
        counted = {"counted": "true"} if key in ("weighted", "measured") else {"category": key}
        rest = urlencode({**self.pipeline, **narrowed, **counted}, doseq=True)
        found = Cells()
        for cell, span in zip([*figures, summed(figures)], self.spans, strict=True):
            value = cell.value(key)
            found.append((self.money(value), f"{self.list}?due={span}&{rest}") if value else ("–", ""))
        return found

    @property
    def spans(self) -> list[str]:
        return [*(period.key for period in self.periods), self.span]

    def money(self, value: Decimal) -> str:
        return format_money(value, self.base, whole=True)


class Cells(list[tuple[str, str]]):
    """Texts with their addresses, and the <td>s that show them: a tag for each of some hundred cells
    would cost more than all the sums."""

    @property
    def html(self) -> SafeString:
        parts = []
        for text, url in self:
            shown = f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
            parts.append(f'<td class="num">{shown}</td>')
        return SafeString("".join(parts))  # nosec B703  # escaped above


def _categories(found: Forecast, links: Links) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": label, "cells": links.cells(found.columns, key)}
        for key, label in MEASURES.items()
    ]


def _counts(found: Forecast, links: Links) -> Cells:
    """How many deals stand in each column, and in all of them."""
    columns = zip([*found.columns, found.total], links.spans, strict=True)
    return Cells(
        (number_format(cell.deals, force_grouping=True), links.deals(due=span)) if cell.deals else ("–", "")
        for cell, span in columns
    )


def _row(row: Row, asked: Asked, links: Links) -> dict[str, Any]:
    if row.kind == "team":
        narrowed: dict[str, Any] = {"team": row.teams or "none"}
        name = row.name or _("No team")
        opens = "" if row.is_open else asked.url(team=str(row.pk) if row.pk else "none")
    else:
        narrowed = {"team": row.team or "none", "owner": row.pk or "none"}
        name, opens = row.name or _("Nobody"), ""
    return {
        "name": name,
        "kind": row.kind,
        "level": min(row.level, 3),
        "opens": opens,
        "cells": links.cells(row.cells, asked.measure, **narrowed),
    }


def _outside(found: Forecast, links: Links) -> list[dict[str, Any]]:
    """Open deals that stand in no column."""
    first, last = found.periods[0], found.periods[-1]
    parts: tuple[tuple[str, Total, str], ...] = (
        (_("Should have closed before %s") % first, found.before, f"{BEFORE}{first.key}"),
        (_("Expected after %s") % last, found.after, f"{AFTER}{last.key}"),
        (_("Without an expected close"), found.undated, UNDATED),
    )
    return [
        {"label": label, "n": total.deals, "amount": links.money(total.amount), "url": links.deals(due=due)}
        for label, total, due in parts
        if total.deals
    ]


def _stage(line: Any, found: Forecast, links: Links, names: dict[int, str]) -> dict[str, Any]:
    chance = found.chances.of[line.stage.pk]
    share = chance.measured
    return {
        "stage": line.stage,
        "pipeline": names.get(line.stage.pipeline_id, "") if len(names) > 1 else "",
        "set": chance.set_percent,
        "rate": percent(share.rate),
        "interval": f"{percent(share.low)} – {percent(share.high)}" if share.n else "–",
        "n": share.n,
        "is_measured": chance.is_measured,
        "deals": line.total.deals,
        "amount": links.money(line.total.amount),
        "url": links.deals(stage=line.stage.pk),
        "closed_url": links.ever(line.stage.pk),
    }


def percent(share: float | None) -> str:
    """A share in words; what is not known is a dash."""
    return "–" if share is None else _("%s %%") % number_format(round(100 * share, 1), 1)
