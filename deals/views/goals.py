"""Setting many targets at once: the default goal split by channel, and what follows a closed period."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.clock import today
from accounts.constants import MANAGE_SALES
from accounts.organisation import get_organisation
from accounts.permissions import requires
from core.exceptions import RuleViolation
from core.money import decimals, quantize
from core.notices import done
from core.periods import Period, parse_period
from deals.constants import TargetMetric
from deals.engine.performance import split
from deals.forms.targets import GoalForm
from deals.models import SalesSettings, Target
from deals.selectors import performance
from deals.selectors.periods import current_period, fiscal_start
from deals.services.targets import Goal, set_goals
from deals.views.targets import period_switch, who

# Asked for where the last period knows no channels.
USUAL_CHANNELS = (
    pgettext_lazy("channel", "Direct"),
    pgettext_lazy("channel", "Partner"),
    pgettext_lazy("channel", "Online"),
)


@requires(MANAGE_SALES)
@require_http_methods(["GET", "HEAD", "POST"])
def target_goals(request: HttpRequest) -> HttpResponse:
    """The default goal of a period: GET proposes and recalculates, POST sets the targets."""
    asked = request.POST if request.method == "POST" else request.GET
    metric, period = _asked(asked)
    last, by_channel = performance.last_period(metric, period, request.user)
    channels = {name: value for name, value in sorted(by_channel.items()) if name}
    channels = channels or {str(name): Decimal(0) for name in USUAL_CHANNELS}
    form = GoalForm(asked if "factor" in asked else _usual(metric, period, channels), channels=channels)
    goals = _goals(form, last) if form.is_valid() else None
    if request.method == "POST" and goals:
        try:
            change, count = set_goals(metric=metric, period=period, goals=goals, actor=request.user)
        except RuleViolation as error:
            form.add_error(None, error.message)
        else:
            done(request, _("Targets set: %(n)d.") % {"n": count}, change)
            return redirect(f"{reverse('deals:target_list')}?period={period.key}")
    context = {
        "form": form,
        "period": period,
        "last": last,
        "previous": period.previous(),
        "base": get_organisation().base_currency,
        "rows": [(share, field, _value_of(goals, share.name)) for share, field in form.rows()],
        "total": goals[0].value if goals else None,
    }
    return render(
        request, "deals/target_goals.html", context, status=422 if request.method == "POST" else 200
    )


def _asked(data: Any) -> tuple[str, Period]:
    metric = data.get("metric", "")
    wanted = parse_period(data.get("when", ""), fiscal_start=fiscal_start())
    return (
        metric if metric in (TargetMetric.REVENUE, TargetMetric.WON_AMOUNT) else TargetMetric.REVENUE,
        wanted or current_period("quarter").next(),
    )


def _usual(metric: str, period: Period, channels: dict[str, Decimal]) -> dict[str, Any]:
    """The first proposal: the usual factor, every channel by what it brought (equally if nothing)."""
    brought = {name: max(value, Decimal(0)) for name, value in channels.items()}
    weights = brought if any(brought.values()) else dict.fromkeys(channels, Decimal(1))
    whole = sum(weights.values())
    return {
        "metric": metric,
        "when": period.key,
        "factor": SalesSettings.load().goal_factor,
        **{
            f"weight-{number}": (100 * weight / whole).quantize(Decimal("0.1"))
            for number, weight in enumerate(weights.values())
        },
    }


def _goals(form: GoalForm, last: Decimal) -> list[Goal] | None:
    """One goal in all, then one for each channel with a weight; they add up."""
    base = get_organisation().base_currency
    whole = quantize(form.cleaned_data["goal"] or last * form.cleaned_data["factor"], base)
    if whole <= 0:
        form.add_error("goal", _("The last period brought nothing: type the goal."))
        return None
    goals, weights = [Goal(whole)], form.weights()
    if weights:
        unit = Decimal(1).scaleb(-decimals(base))
        parts = split(whole, weights, unit=unit)
        goals += [Goal(part, channel=name) for name, part in parts.items() if part > 0]
    return goals


def _value_of(goals: list[Goal] | None, channel: str) -> Decimal | None:
    return next((goal.value for goal in goals or () if goal.channel == channel), None)


@requires(MANAGE_SALES)
@require_http_methods(["GET", "HEAD", "POST"])
def target_proposals(request: HttpRequest) -> HttpResponse:
    """What follows a closed period: each target's successor, to be changed and accepted."""
    wanted = parse_period(request.GET.get("period", ""), fiscal_start=fiscal_start())
    period = wanted or current_period("quarter").previous()
    rows = Target.objects.visible_to(request.user).filter(period=period.kind, starts_on=period.start)
    targets = list(rows.select_related("owner", "team").order_by("metric", "pk")[:200])
    is_over = today() >= period.end
    found = performance.suggestions(targets, period, request.user, today()) if is_over else []
    errors: dict[int, str] = {}
    if request.method == "POST" and found:
        errors = _accept(request, found, period)
        if not errors:
            return redirect(f"{reverse('deals:target_list')}?period={period.next().key}")
    context = {
        "period": period,
        "following": period.next(),
        "switch": period_switch(period, reverse("deals:target_proposals")),
        "is_over": is_over,
        "rows": [
            (
                s,
                who(s.standing.target),
                request.POST.get(f"value-{s.standing.target.pk}", s.value),
                errors.get(s.standing.target.pk),
            )
            for s in found
        ],
        "base": get_organisation().base_currency,
    }
    return render(request, "deals/target_proposals.html", context, status=422 if errors else 200)


def _accept(request: HttpRequest, found: list[performance.Suggestion], period: Period) -> dict[int, str]:
    """Set the ticked successors, all or none; returns what is wrong by target."""
    chosen: dict[str, list[Goal]] = {}
    errors: dict[int, str] = {}
    for suggestion in found:
        target = suggestion.standing.target
        if f"take-{target.pk}" not in request.POST:
            continue
        value = _amount(request.POST.get(f"value-{target.pk}", ""))
        if value is None:
            errors[target.pk] = _("Type an amount above zero.")
            continue
        goal = Goal(value, target.owner_id, target.team_id, target.channel, target.segment)
        chosen.setdefault(target.metric, []).append(goal)
    if errors:
        return errors
    for metric, goals in chosen.items():
        change, count = set_goals(metric=metric, period=period.next(), goals=goals, actor=request.user)
        text = _("%(metric)s: targets set: %(n)d.") % {"metric": TargetMetric(metric).label, "n": count}
        done(request, text, change)
    return {}


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().replace(",", "").replace("\u00a0", ""))
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.01")) if value.is_finite() and 0 < value < Decimal(10) ** 16 else None
