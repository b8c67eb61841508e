"""Cadence plans: who is due, and how often we are in touch with whom."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.clock import today
from accounts.constants import SEE_TEAM
from activities.forms import CadenceForm
from activities.models import CadencePlan
from activities.selectors.people import MINE, TEAM, owned_by, scope_of
from activities.selectors.today import cadence_reason
from activities.services.cadence import edit_cadence, plan_cadence, postpone_cadence, stop_cadence
from activities.views.base import back, customer_to_write, editable
from activities.views.tasks import later
from core.exceptions import RuleViolation, StaleRecord
from core.notices import done as done_notice
from core.views.access import safe_next

PAGE = 25


@login_required
@require_safe
def cadence_list(request: HttpRequest) -> HttpResponse:
    """Customers to be in touch with: overdue, due today, and coming."""
    day = today()
    scope = scope_of(request.user, request.GET.get("who", ""))
    tab = request.GET.get("when", "")
    tab = tab if tab in ("overdue", "due", "all") else "owed"
    rows: Any = owned_by(
        CadencePlan.objects.visible_to(request.user), request.user, scope, prefix="customer__"
    )
    wanted: Any = {
        "owed": rows.owed(day),
        "overdue": rows.filter(next_on__lt=day),
        "due": rows.filter(next_on=day),
        "all": rows,
    }[tab]
    page = Paginator(wanted.select_related("customer__owner", "customer__stage").in_order(), PAGE).get_page(
        request.GET.get("page")
    )
    for plan in page.object_list:
        plan.why = cadence_reason(plan, day)
    tabs = {"owed": _("Due"), "overdue": _("Overdue"), "due": _("Due today"), "all": _("All plans")}
    address = reverse("activities:cadence_list")
    scopes = {MINE: _("Mine"), TEAM: _("The team's")}
    leads = request.user.has_perm(SEE_TEAM)
    context = {
        "page": page,
        "day": day,
        "tab": tab,
        "tabs": [
            {"label": label, "url": f"{address}?when={key}&who={scope}", "active": key == tab}
            for key, label in tabs.items()
        ],
        "scopes": [
            {"label": label, "url": f"{address}?when={tab}&who={key}", "active": key == scope}
            for key, label in scopes.items()
        ]
        if leads
        else [],
        "scope": scope,
        "may_write": request.user.has_perm("activities.change_cadenceplan"),
        "here": request.get_full_path(),
    }
    return render(request, "activities/cadence_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a customer a cadence, or change it; `pk` is the customer's."""
    customer = customer_to_write(request, pk, "activities.add_cadenceplan")
    found = CadencePlan.objects.visible_to(request.user).filter(customer=customer).first()
    if found:
        found = editable(CadencePlan.objects.all(), request, found.pk)
    form = CadenceForm(
        request.POST or None,
        instance=found,
        user=request.user,
        initial={} if found else {"starts_on": today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            done = _save(form, found, customer, request)
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
        except StaleRecord as error:
            form.add_error(None, _("Somebody changed this in the meantime. Look again and save once more."))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = error.current.version  # type: ignore[index]
        else:
            if done.change_set:
                done_notice(request, _("Cadence saved."), done.change_set)
            return back(request, customer.get_absolute_url())
    context = {
        "customer": customer,
        "plan": found,
        "form": form,
        "next": safe_next(request, customer.get_absolute_url()),
    }
    return render(request, "activities/cadence_form.html", context, status=422 if form.errors else 200)


def _save(form: CadenceForm, found: CadencePlan | None, customer: Any, request: HttpRequest) -> Any:
    if found:
        return edit_cadence(
            plan=found, values=form.values(), actor=request.user, expected_version=form.version
        )
    data = form.cleaned_data
    return plan_cadence(
        customer=customer,
        interval=data["interval"],
        channel=data["channel"],
        starts_on=data["starts_on"],
        actor=request.user,
    )


@login_required
@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(CadencePlan.objects.select_related("customer"), request, pk)
    done = postpone_cadence(plan=found, to=later(request.POST.get("to", "")), actor=request.user)
    if done.change_set:
        done_notice(request, _("Put off: %(title)s") % {"title": found.customer}, done.change_set)
    return back(request, reverse("activities:cadence_list"))


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = editable(CadencePlan.objects.select_related("customer"), request, pk)
    done = stop_cadence(plan=found, actor=request.user)
    done_notice(
        request, _("The cadence of %(customer)s has ended.") % {"customer": found.customer}, done.change_set
    )
    return back(request, found.customer.get_absolute_url())
