"""The forecast: by month or quarter, team and person, with the deals behind every number."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.organisation import get_organisation
from core.money import format_money
from core.periods import parse_period, period_of
from deals.constants import ForecastCategory
from deals.filters.insight import AFTER, BEFORE, BETWEEN, UNDATED
from deals.models import Pipeline
from deals.selectors.forecast import Figures, Forecast, Row, forecast
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
# What a weighted sum is made of: everything but what somebody omitted.
COUNTED = ("closed", "commit", "best_case", "pipeline")


@login_required
@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    """Of the deals this person may see."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    asked = Asked(request)
    found = forecast(request.user, asked.periods, pipeline=asked.pipeline, opened=asked.team)
    links = Links(asked)
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
        "stages": [_stage(line, found, links) for line in found.stages],
        "unpriced": links.deals(priced="false") if found.total.unpriced else "",
        "base": links.base,
    }
    return render(request, "deals/forecast.html", context)


class Asked:
    """What the address asks for; what makes no sense is the usual."""

    def __init__(self, request: HttpRequest) -> None:
        params = request.GET
        self.params = {name: value for name, value in params.items() if value}
        self.kind = params.get("by") if params.get("by") in COLUMNS else "month"
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

    def measure(self, key: str) -> dict[str, Any]:
        return {"category": COUNTED if key in ("weighted", "measured") else key}

    def cells(self, figures: Iterable[Figures], key: str, **narrowed: Any) -> list[tuple[str, str]]:
        """Amount and address for each period."""
        return [
            self.cell(cell, key, due=period.key, **narrowed)
            for cell, period in zip(figures, self.periods, strict=True)
        ]

    def cell(self, figures: Figures, key: str, **narrowed: Any) -> tuple[str, str]:
        """Nothing there is a dash without a link."""
        value = figures.value(key)
        if not value:
            return "–", ""
        return self.money(value), self.deals(**narrowed, **self.measure(key))

    def money(self, value: Decimal) -> str:
        return format_money(value, self.base, whole=True)


def _categories(found: Forecast, links: Links) -> list[dict[str, Any]]:
    total = found.total
    return [
        {
            "key": key,
            "label": label,
            "cells": links.cells(found.columns, key),
            "total": links.cell(total, key),
        }
        for key, label in MEASURES.items()
    ]


def _counts(found: Forecast, links: Links) -> list[tuple[int, str]]:
    """How many deals stand in each column, and in all of them."""
    spans = [*(period.key for period in found.periods), links.span]
    return [
        (cell.deals, links.deals(due=span) if cell.deals else "")
        for cell, span in zip([*found.columns, found.total], spans, strict=True)
    ]


def _row(row: Row, asked: Asked, links: Links) -> dict[str, Any]:
    key = asked.measure
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
        "cells": links.cells(row.cells, key, **narrowed),
        "total": links.cell(row.total, key, **narrowed),
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


def _stage(line: Any, found: Forecast, links: Links) -> dict[str, Any]:
    chance = found.chances.of[line.stage.pk]
    share = chance.measured
    return {
        "stage": line.stage,
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
