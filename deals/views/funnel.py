"""The deal funnel: conversion, time in stage, win rate, velocity and reasons, with the deals behind them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from accounts.models import User
from accounts.organisation import get_organisation
from core.charts import Chart, funnel_chart, horizontal_bars
from core.money import format_money
from core.periods import Period, parse_period, period_of
from customers.models import Source
from deals.models import LostReason, Pipeline, Product, Stage
from deals.selectors.funnel import SPLITS, Data, Question, path_of
from deals.services import funnel as services
from deals.views.forecast import percent

KINDS = {"month": gettext_lazy("Month"), "quarter": gettext_lazy("Quarter"), "year": gettext_lazy("Year")}
SPLIT_LABELS = {
    "owner": gettext_lazy("Owner"),
    "source": gettext_lazy("Source"),
    "industry": gettext_lazy("Industry"),
    "product": gettext_lazy("Product"),
    "pipeline": gettext_lazy("Pipeline"),
}
NAMED: dict[str, Any] = {"owner": User, "source": Source, "product": Product, "pipeline": Pipeline}
MOST_GROUPS = 30


class Asked:
    """The question in the address; what makes no sense is the usual."""

    def __init__(self, request: HttpRequest) -> None:
        params = request.GET if request.method != "POST" else request.POST
        fiscal = get_organisation().fiscal_year_start
        period = parse_period(params.get("period", ""), fiscal_start=fiscal)
        self.period = period or period_of(today(), "year", fiscal_start=fiscal)
        self.pipelines = list(Pipeline.objects.visible_to(request.user))
        if not self.pipelines:
            raise Http404
        wanted = params.get("pipeline", "")
        usual = next((row for row in self.pipelines if row.is_default), self.pipelines[0])
        self.pipeline = next((row for row in self.pipelines if str(row.pk) == wanted), usual)
        self.split = params["split"] if params.get("split") in SPLITS else "owner"
        path = path_of(self.pipeline)
        self.question = Question(self.pipeline, path, self.period.start, self.period.end, self.split)

    def url(self, **changes: str) -> str:
        usual = {"period": self.period.key, "pipeline": str(self.pipeline.pk), "split": self.split}
        return "?" + urlencode({**usual, **changes})

    def switch(self) -> dict[str, Any]:
        """The neighbours of the period and the other lengths, as links."""
        day = min(max(today(), self.period.start), self.period.last_day)
        before, after = self.period.previous(), self.period.next()
        return {
            "kinds": [
                (self.url(period=self._at(day, kind).key), label, kind == self.period.kind)
                for kind, label in KINDS.items()
            ],
            "before": (self.url(period=before.key), str(before)),
            "after": (self.url(period=after.key), str(after)),
        }

    def _at(self, day: date, kind: str) -> Period:
        return period_of(day, kind, fiscal_start=self.period.fiscal_start)


@login_required
@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    """Of the deals this person may see."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    asked = Asked(request)
    result, job = services.read(request.user, asked.question)
    context: dict[str, Any] = {
        "asked": asked,
        "period": asked.period,
        "switch": asked.switch(),
        "splits": [(asked.url(split=key), label, key == asked.split) for key, label in SPLIT_LABELS.items()],
        "job": job,
        "as_of": result.computed_at if result and result.pk else None,
    }
    if result is not None:
        context |= _shown(result.data, asked)
    return render(request, "deals/funnel.html", context)


@login_required
@require_POST
def funnel_again(request: HttpRequest) -> HttpResponse:
    """Work out anew what was kept."""
    if not request.user.has_perm("deals.view_deal"):
        raise PermissionDenied
    asked = Asked(request)
    services.again(request.user, asked.question)
    return redirect(reverse("deals:funnel") + asked.url())


class Links:
    """The list of deals behind each number."""

    def __init__(self, asked: Asked) -> None:
        self.list = reverse("deals:deal_list")
        self.period = asked.period
        # Split by pipeline, the groups are pipelines; everything else is of one.
        self.pipeline = {"pipeline": asked.pipeline.pk}

    def deals(self, **narrowed: Any) -> str:
        return f"{self.list}?{urlencode({**self.pipeline, **narrowed}, doseq=True)}"

    def opened(self, period: Period | None = None, **narrowed: Any) -> str:
        span = period or self.period
        return self.deals(opened_from=span.start, opened_to=span.end - timedelta(days=1), **narrowed)

    def closed(self, **narrowed: Any) -> str:
        last = self.period.end - timedelta(days=1)
        return self.deals(closed_from=self.period.start, closed_to=last, **narrowed)


def _shown(data: Data, asked: Asked) -> dict[str, Any]:
    """The result in words, numbers and addresses."""
    links, base = Links(asked), get_organisation().base_currency
    stages = {stage.pk: stage for stage in asked.question.path}
    steps = [
        _step(step, stages[step["stage"]], data, links) for step in data["steps"] if step["stage"] in stages
    ]
    return {
        "data": data,
        "steps": steps,
        "chart": funnel_chart(
            _("How far deals came"),
            [str(step["stage"]) for step in steps],
            [step["reached"] for step in steps],
        ),
        "days_chart": _days_chart(steps),
        "facts": _facts(data, links, base),
        "months": [_month(line, data, asked, links) for line in data["months"]],
        "reasons": _reasons(data["reasons"], links, base),
        "groups": _groups(data["split"], asked, links, base),
        "split_label": SPLIT_LABELS[asked.split],
        "cohort_url": links.opened(),
        "unpriced_url": links.closed(status="won", priced="false") if data["unpriced"] else "",
    }


def _step(step: Data, stage: Stage, data: Data, links: Links) -> Data:
    return {
        **(data["stays"].get(str(stage.pk)) or {"ended": 0, "running": 0}),
        "stage": stage,
        "reached": step["reached"],
        "conversion": percent(step["conversion"]),
        "url": links.opened(reached=stage.pk),
        "now_url": links.deals(stage=stage.pk, status="open"),
    }


def _days_chart(steps: list[Data]) -> Chart:
    known = [step for step in steps if step.get("median") is not None]
    return horizontal_bars(
        _("Median days in each stage"), [str(step["stage"]) for step in known],
        [step["median"] for step in known], head=_("Stage"), value_label=_("Days"),
    )  # fmt: skip


def _facts(data: Data, links: Links, base: str) -> list[Data]:
    n = data["won"] + data["lost"]
    interval = _("%(low)s to %(high)s, n = %(n)s") % {
        "low": percent(data["low"]), "high": percent(data["high"]), "n": n,
    }  # fmt: skip
    return [
        {
            "label": _("Win rate"),
            "value": percent(data["rate"]),
            "note": interval if n else "",
            "url": links.closed(),
        },
        {
            "label": _("Won"),
            "value": _money(data["won_amount"], base),
            "note": _("%s deals") % data["won"],
            "url": links.closed(status="won"),
        },
        {"label": _("Average won deal"), "value": _money(data["average"], base), "note": "", "url": ""},
        {
            "label": _("Days to win"),
            "value": "–" if data["cycle"] is None else f"{data['cycle']:.0f}",
            "note": _("on average"),
            "url": "",
        },
        {
            "label": _("Velocity per day"),
            "value": _money(data["velocity"], base),
            "note": _("%s open deals × average × win rate ÷ days") % data["open"],
            "url": links.deals(status="open"),
        },
    ]


def _month(line: Data, data: Data, asked: Asked, links: Links) -> Data:
    period = parse_period(line["month"])
    stages = [step["stage"] for step in data["steps"]]
    return {
        "period": period,
        "opened": (line["opened"], links.opened(period)),
        "reached": [
            (n, percent(n / line["opened"]) if line["opened"] else "–", links.opened(period, reached=stage))
            for n, stage in zip(line["reached"], stages, strict=True)
        ],
        "states": [
            (line[status], links.opened(period, status=status) if line[status] else "")
            for status in ("won", "lost", "open")
        ],
    }


def _reasons(reasons: list[Data], links: Links, base: str) -> list[Data]:
    """Two levels, flat: the second one names its parent by `level`."""
    keys = [line["reason"] for top in reasons for line in (top, *top["children"]) if line["reason"]]
    names = LostReason._base_manager.in_bulk(keys)
    lost = sum(top["n"] for top in reasons)
    return [
        {
            "name": str(names.get(line["reason"]) or _("No reason")),
            "level": level,
            "n": line["n"],
            "share": percent(line["n"] / lost),
            "amount": _money(line["amount"], base),
            "unpriced": line["unpriced"],
            "url": links.closed(status="lost", lost_reason=line["reason"] or "none"),
        }
        for top in reasons
        for level, line in [(0, top), *((1, child) for child in top["children"])]
    ]


def _groups(split: list[Data], asked: Asked, links: Links, base: str) -> list[Data]:
    top = split[:MOST_GROUPS]
    keys = [line["key"] for line in top if line["key"]]
    names: dict[Any, Any] = NAMED[asked.split].objects.in_bulk(keys) if asked.split in NAMED else {}
    return [_group(line, names, asked.split, links, base) for line in top]


def _group(line: Data, names: dict[Any, Any], split: str, links: Links, base: str) -> Data:
    key = line["key"]
    # An empty industry cannot be asked for; every other group has a list.
    narrowed = None if split == "industry" and not key else {split: key or "none"}
    closed = line["won"] + line["lost"]

    def cell(n: int, url: Any, **more: Any) -> tuple[int, str]:
        return n, url(**narrowed, **more) if n and narrowed else ""

    return {
        "name": str(names.get(key) or (key if split == "industry" and key else _("None"))),
        "cells": [
            cell(line["opened"], links.opened),
            cell(line["open"], links.deals, status="open"),
            cell(line["won"], links.closed, status="won"),
            cell(line["lost"], links.closed, status="lost"),
        ],
        "rate": percent(line["won"] / closed if closed else None),
        "amount": _money(line["amount"], base),
        "unpriced": line["unpriced"],
    }


def _money(value: str | None, base: str) -> str:
    return "–" if value is None else format_money(Decimal(value), base, whole=True)
