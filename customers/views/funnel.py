"""The funnel page: counts, conversion by cohort of entry, days in each stage, sources and owners."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import day_bounds, today
from accounts.models import User
from core.charts import funnel_chart, horizontal_bars
from core.filters import relative_range
from customers.constants import StageKind
from customers.models import Customer, LifecycleStage, Source
from customers.selectors.funnel import Funnel, Group, funnel
from customers.views.lists import CustomerList

PERIODS: dict[str, Any] = {
    "last_30": gettext_lazy("Last 30 days"),
    "last_90": gettext_lazy("Last 90 days"),
    "last_365": gettext_lazy("Last 365 days"),
    "this_year": gettext_lazy("This year"),
    "all": gettext_lazy("All time"),
}
USUAL = "last_365"
MOST_GROUPS = 20


@login_required
@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    """Of everything this person may see."""
    if not request.user.has_perm("customers.view_customer"):
        raise PermissionDenied
    period = request.GET.get("period", USUAL)
    period = period if period in PERIODS else USUAL
    start, end = bounds(period, today())
    found = funnel(Customer.objects.visible_to(request.user), start=start, end=end)
    labels = [str(step.stage) for step in found.steps]
    waiting = [step for step in found.steps if step.median_days is not None]
    days = [round(step.median_days or 0, 1) for step in waiting]
    links = Links(period, found)
    context = {
        "funnel": found,
        "links": links,
        "steps": [(step, links.stage(step.stage), links.reached(step.stage)) for step in found.steps],
        "lost_steps": [
            (step, links.stage(step.stage), links.cohort_in(step.stage)) for step in found.lost_stages
        ],
        "chart": funnel_chart(_("How far customers came"), labels, [step.reached for step in found.steps]),
        "days_chart": horizontal_bars(
            _("Median days in each stage"), [str(step.stage) for step in waiting], days,
            head=_("Stage"), value_label=_("Days"),
        ),
        "sources": _named(links, found.by_source, Source, "source", _("No source")),
        "owners": _named(links, found.by_owner, User, "owner", _("Nobody")),
        "periods": [(key, label, key == period) for key, label in PERIODS.items()],
        "period": PERIODS[period],
        "switches": CustomerList.ways(request),
    }  # fmt: skip
    return render(request, "customers/funnel.html", context)


def bounds(period: str, day: date) -> tuple[datetime | None, datetime | None]:
    """The moments a period begins and ends, in the organisation's time zone."""
    if period == "all":
        return None, None
    first, after = relative_range(period, day)
    return (day_bounds(first)[0] if first else None), (day_bounds(after)[0] if after else None)


class Links:
    """The list of customers behind each number of the page."""

    def __init__(self, period: str, found: Funnel) -> None:
        self.entered = {"entered": "ever" if period == "all" else period}
        won = (step.stage.pk for step in found.steps if step.stage.kind == StageKind.CUSTOMER)
        self.first_won = next(won, None)
        self.lost_stages = [step.stage.pk for step in found.lost_stages]

    def _list(self, **asked: Any) -> str:
        return f"{reverse('customers:customer_list')}?{urlencode(asked, doseq=True)}"

    def cohort(self) -> str:
        return self._list(**self.entered)

    def lost(self, **group: Any) -> str:
        return self._list(**self.entered, **group, stage=self.lost_stages) if self.lost_stages else ""

    def won(self, **group: Any) -> str:
        return self._list(**self.entered, **group, reached=self.first_won) if self.first_won else ""

    def stage(self, stage: LifecycleStage) -> str:
        """Who is there now, whenever they entered."""
        return self._list(stage=stage.pk)

    def cohort_in(self, stage: LifecycleStage) -> str:
        return self._list(**self.entered, stage=stage.pk)

    def reached(self, stage: LifecycleStage) -> str:
        return self._list(**self.entered, reached=stage.pk)

    def group(self, field: str, pk: int | None) -> dict[str, str]:
        """The addresses of one source's or owner's numbers."""
        group = {field: pk or "none"}
        return {
            "url": self._list(**self.entered, **group),
            "won": self.won(**group),
            "lost": self.lost(**group),
        }


def _named(links: Links, groups: list[Group], model: Any, field: str, nobody: str) -> list[dict[str, Any]]:
    """The largest groups with their names and the lists they stand for."""
    top = groups[:MOST_GROUPS]
    names = dict(model.objects.filter(pk__in=[g.pk for g in top if g.pk]).values_list("pk", "name"))
    return [
        {
            "name": names.get(group.pk, nobody),
            "group": group,
            "percent": None if group.rate is None else 100 * group.rate,
            "links": links.group(field, group.pk),
        }
        for group in top
    ]
