"""Plan and performance: targets beside what was reached, and one target with its plan."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.constants import MANAGE_SALES
from accounts.organisation import get_organisation
from accounts.visibility import access
from core.charts import Series, bar_chart, horizontal_bars
from core.models import ChangeSet
from core.periods import Period, parse_period, period_of
from core.views.generic import RecordCreateView, RecordDeleteView, RecordUpdateView
from deals.constants import MONEY_METRICS, TargetMetric, TargetPeriod
from deals.forms.targets import TargetForm
from deals.models import Target
from deals.selectors import performance
from deals.selectors.periods import current_period, fiscal_start, period_of_target
from deals.services import targets as services

MOST = 200  # targets shown of one period
ON_TODAY = 6


def chosen_period(request: HttpRequest) -> Period:
    """What ``?period=2026-q4`` names, else this quarter."""
    wanted = parse_period(request.GET.get("period", ""), fiscal_start=fiscal_start())
    return wanted or current_period("quarter")


def period_switch(period: Period, address: str) -> dict[str, Any]:
    """The period's neighbours and the other lengths, as links."""
    day = min(max(today(), period.start), period.last_day)
    kinds = []
    for kind, label in TargetPeriod.choices:
        other = period_of(day, kind, fiscal_start=fiscal_start())
        kinds.append((f"{address}?period={other.key}", label, kind == period.kind))
    return {
        "kinds": kinds,
        "before": (f"{address}?period={period.previous().key}", str(period.previous())),
        "after": (f"{address}?period={period.next().key}", str(period.next())),
    }


@login_required
@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    """The targets of a period: how far each one is."""
    if not request.user.has_perm("deals.view_target"):
        raise PermissionDenied
    period, address = chosen_period(request), reverse("deals:target_list")
    rows = Target.objects.visible_to(request.user).filter(period=period.kind, starts_on=period.start)
    rows = rows.select_related("owner", "team").order_by("metric", "team__name", "owner__name", "pk")
    targets = list(rows[: MOST + 1])
    found = performance.standings(targets[:MOST], period, request.user, today())
    context = {
        "period": period,
        "switch": period_switch(period, address),
        "groups": [
            (
                TargetMetric(metric).label,
                metric in MONEY_METRICS,
                [s for s in found if s.target.metric == metric],
            )
            for metric in TargetMetric.values
            if any(s.target.metric == metric for s in found)
        ],
        "more": len(targets) > MOST,
        "most": MOST,
        "chart": _attainment_chart(found),
        "base": get_organisation().base_currency,
        "is_over": today() >= period.end,
        "may_manage": request.user.has_perm(MANAGE_SALES),
        "unpriced": sum(s.reached.unpriced for s in found if s.target.metric in MONEY_METRICS),
    }
    return render(request, "deals/target_list.html", context)


@login_required
@require_safe
def targets_today(request: HttpRequest) -> HttpResponse:
    """What stands on Today: the running targets of oneself, one's team and everybody."""
    user: Any = request.user
    day = today()
    rows = Target.objects.visible_to(user).filter(starts_on__lte=day, ends_before__gt=day)
    theirs = Q(team__in=access(user).team_ids) | Q(team=None)
    mine = rows.filter(Q(owner=user.pk) | Q(owner=None) & theirs)
    targets = list(mine.filter(channel="", segment="").select_related("owner", "team")[:ON_TODAY])
    found = []
    for period in sorted({period_of_target(target) for target in targets}):
        own = [target for target in targets if period_of_target(target) == period]
        found += [(period, s) for s in performance.standings(own, period, user, day)]
    context = {"found": found, "base": get_organisation().base_currency}
    return render(request, "deals/_targets_today.html", context)


def who(target: Target) -> str:
    """For whom a target is, in words."""
    parts = [str(part) for part in (target.owner, target.team, target.channel, target.segment) if part]
    return " · ".join(parts) or _("Everybody")


def _attainment_chart(found: list[performance.Standing]) -> Any:
    known = [s for s in found if s.percent is not None][:20]
    several = len({s.target.metric for s in known}) > 1
    return horizontal_bars(
        _("Attainment"),
        [f"{who(s.target)}: {s.target.get_metric_display()}" if several else who(s.target) for s in known],
        [round(float(s.percent or 0), 1) for s in known],
        head=_("Target"),
        value_label="%",
    )


@login_required
@require_safe
def target_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One target: where it stands, what drives the gap, the plan and the improvements."""
    target = get_object_or_404(Target.objects.visible_to(request.user).select_related("owner", "team"), pk=pk)
    period, user, day = period_of_target(target), request.user, today()
    standing = performance.standings([target], period, user, day)[0]
    past = performance.history(target, period, user)
    effects = before = now = open_deals = None
    if target.metric == TargetMetric.WON_AMOUNT:
        effects, before, now = performance.gap_drivers(target, period, user)
        open_deals = performance.outlook(target, period, user) if day < period.end else None
    context = {
        "target": target,
        "who": who(target),
        "period": period,
        "standing": standing,
        "is_money": target.metric in MONEY_METRICS,
        "base": get_organisation().base_currency,
        "chart": _history_chart(target, past),
        "effects": effects,
        "before": before,
        "now": now,
        "outlook": open_deals,
        "plan": target.plan.alive().select_related("responsible"),
        "improvements": target.improvements.alive().select_related("responsible"),
        "may_manage": user.has_perm("deals.change_target", target),
    }
    return render(request, "deals/target_detail.html", context)


def _history_chart(target: Target, past: list[performance.Past]) -> Any:
    return bar_chart(
        _("Reached"),
        [str(one.period) for one in past],
        [Series(target.get_metric_display(), [float(one.value) for one in past])],
        head=_("Period"),
    )


class TargetCreate(RecordCreateView):
    model = Target
    form_class = TargetForm
    template_name = "deals/target_form.html"
    submit_label = gettext_lazy("Set the target")

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "when": chosen_period(self.request).key}

    def perform(self, form: Any, version: int | None) -> Target:
        return services.create_target(data=form.values(), actor=self.request.user)

    def get_success_message(self, result: Any) -> str:
        return _("The target is set.")

    def get_cancel_url(self) -> str:
        return reverse("deals:target_list")


class TargetUpdate(RecordUpdateView):
    model = Target
    object: Target
    form_class = TargetForm
    template_name = "deals/target_form.html"

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        return services.update_target(
            target=self.object, data=form.values(), actor=self.request.user, expected_version=version
        )


class TargetDelete(RecordDeleteView):
    model = Target
    object: Target

    def perform(self) -> ChangeSet:
        return services.delete_target(target=self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return f"{reverse('deals:target_list')}?period={period_of_target(self.object).key}"
