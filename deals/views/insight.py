"""Accuracy of past forecasts, and deals that were pushed back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.organisation import get_organisation
from core.charts import Chart, Series, bar_chart, line_chart
from core.money import format_money
from core.periods import parse_period, period_of
from deals.constants import ForecastCategory
from deals.selectors.accuracy import Review, review
from deals.selectors.slips import Slips, slips
from deals.views.forecast import percent

# How many periods that are over are looked back on.
PAST = {"month": 12, "quarter": 8}
# The distances the chart shows; the table has all of them.
DRAWN = (8, 4, 1)
KINDS = {"month": gettext_lazy("Months"), "quarter": gettext_lazy("Quarters")}
MEASURES: dict[str, Any] = {
    "weighted": gettext_lazy("Weighted"),
    "measured": gettext_lazy("Weighted by measured probability"),
    "commit": ForecastCategory.COMMIT.label,
}


@login_required
@require_safe
def forecast_accuracy(request: HttpRequest) -> HttpResponse:
    """What was said so many weeks before a period ended, beside what came."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    kind = request.GET["by"] if request.GET.get("by") in PAST else "month"
    measure = request.GET["show"] if request.GET.get("show") in MEASURES else "weighted"
    organisation = get_organisation()
    running = period_of(today(), kind, fiscal_start=organisation.fiscal_year_start)
    periods = [running.previous(n) for n in range(PAST[kind], 0, -1)]
    found = review(request.user, periods, measure)
    base = organisation.base_currency
    context = {
        "kinds": [(f"?by={key}&show={measure}", label, key == kind) for key, label in KINDS.items()],
        "measures": [(f"?by={kind}&show={key}", label, key == measure) for key, label in MEASURES.items()],
        "weeks": [_weeks(weeks) for weeks in found.weeks],
        "lines": [
            {
                "period": period,
                "said": ["–" if value is None else format_money(value, base, whole=True) for value in said],
                "actual": format_money(actual, base, whole=True),
                "url": _won(period.key) if actual else "",
            }
            for period, said, actual in reversed(found.lines)
        ],
        "summary": [
            {
                "weeks": _weeks(row.weeks),
                "periods": row.periods,
                "mape": percent(None if row.mape is None else float(row.mape)),
                "bias": percent(None if row.bias is None else float(row.bias)),
                "says": _bias(float(row.bias or 0)),
            }
            for row in found.summary
        ],
        "chart": _accuracy_chart(found, base),
        "base": base,
    }
    return render(request, "deals/forecast_accuracy.html", context)


def _won(key: str) -> str:
    return f"{reverse('deals:deal_list')}?{urlencode({'due': key, 'status': 'won'})}"


def _weeks(weeks: int) -> str:
    return ngettext("%d week before", "%d weeks before", weeks) % weeks


def _bias(bias: float) -> str:
    if abs(bias) < 0.02:
        return _("about right")
    return _("promised too much") if bias > 0 else _("promised too little")


def _accuracy_chart(found: Review, base: str) -> Chart:
    """One line for what came, one for each distance that has snapshots."""
    labels = [str(period) for period, _said, _actual in found.lines]
    lines = [Series(_("What came"), [float(actual) for _period, _said, actual in found.lines])]
    for place, weeks in enumerate(found.weeks):
        if weeks not in DRAWN:
            continue
        values = [said[place] for _period, said, _actual in found.lines]
        if any(value is not None for value in values):
            lines.append(Series(_weeks(weeks), [None if value is None else float(value) for value in values]))
    title = _("What was forecast and what came, in %s") % base
    return line_chart(title, labels, lines, head=_("Period"))


@login_required
@require_safe
def slip_list(request: HttpRequest) -> HttpResponse:
    """How often deals were pushed back in a period, by owner, and which ones."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    fiscal = get_organisation().fiscal_year_start
    period = parse_period(request.GET.get("period", ""), fiscal_start=fiscal)
    period = period or period_of(today(), "quarter", fiscal_start=fiscal)
    found = slips(request.user, period.start, period.end)
    day = min(max(today(), period.start), period.last_day)
    kinds = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
    context = {
        "period": period,
        "switch": {
            "kinds": [
                (f"?period={period_of(day, kind, fiscal_start=fiscal).key}", label, kind == period.kind)
                for kind, label in kinds.items()
            ],
            "before": (f"?period={period.previous().key}", str(period.previous())),
            "after": (f"?period={period.next().key}", str(period.next())),
        },
        "slips": found,
        "owners": [
            (
                row,
                _pushed(period.key, owner=row.pk or "none"),
            )
            for row in found.owners
        ],
        "all_url": _pushed(period.key),
        "chart": _slip_chart(found),
    }
    return render(request, "deals/slip_list.html", context)


def _pushed(key: str, **narrowed: Any) -> str:
    return f"{reverse('deals:deal_list')}?{urlencode({'pushed': key, **narrowed})}"


def _slip_chart(found: Slips) -> Chart:
    top = found.owners[:12]
    names = [row.name or _("Nobody") for row in top]
    return bar_chart(
        _("Pushes by owner"), names, [Series(_("Pushes"), [row.pushes for row in top])], head=_("Owner")
    )
