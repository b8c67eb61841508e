"""The history of a customer or a contact, with the composer above it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from activities.constants import ActivityKind
from activities.forms import ComposerForm
from activities.models import Activity, CadencePlan, Task
from activities.selectors.timeline import KINDS, STAGE, TASK, contact_timeline, customer_timeline
from activities.services.activities import log_activity
from activities.views.base import back, customer_seen, customer_to_write, here
from core.exceptions import RuleViolation
from core.notices import done as done_notice
from core.views.access import visible_or_404
from customers.models import Contact, Customer

CHANGED = "activities-changed"
PLANNED = 5


@login_required
@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's history; as a panel of their page, or as a page of its own."""
    customer = customer_seen(request, pk)
    return _answer(request, _customer_context(request, customer))


@login_required
@require_safe
def contact_history(request: HttpRequest, pk: int) -> HttpResponse:
    contact = visible_or_404(request, Contact, pk)
    kind = _kind(request)
    context = {
        "record": contact,
        "timeline": contact_timeline(contact, request.user, kind=kind, before=request.GET.get("before", "")),
        "filters": _filters(request, kind, {STAGE}),
    }
    return _answer(request, context | _common(request))


@login_required
@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an activity with its next step."""
    customer = customer_to_write(request, pk)
    form = ComposerForm(request.POST, request.FILES, user=request.user, customer=customer)
    done = None
    if form.is_valid():
        try:
            done = log_activity(customer=customer, actor=request.user, **form.arguments())
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
    if done is None:
        return _answer(request, _customer_context(request, customer, form), status=422)
    done_notice(request, _("%(kind)s logged.") % {"kind": done.record.get_kind_display()}, done.change_set)
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = _answer(request, _customer_context(request, customer))
        response["HX-Trigger"] = CHANGED
        return response
    return back(request, customer.get_absolute_url())


@login_required
@require_safe
def planned(request: HttpRequest, pk: int) -> HttpResponse:
    """What lies ahead with a customer: open tasks and the cadence."""
    customer = customer_seen(request, pk)
    tasks = Task.objects.visible_to(request.user).open().filter(customer=customer)
    found = list(tasks.with_people().in_order()[: PLANNED + 1])
    plan = CadencePlan.objects.visible_to(request.user).filter(customer=customer).first()
    context = {
        "customer": customer,
        "tasks": found[:PLANNED],
        "more": len(found) > PLANNED,
        "plan": plan,
        "day": today(),
        "may_write": request.user.has_perm("activities.add_task"),
        "here": here(request),
    }
    return _render(request, "activities/planned.html", context)


def _customer_context(
    request: HttpRequest, customer: Customer, form: ComposerForm | None = None
) -> dict[str, Any]:
    kind = _kind(request)
    before = request.GET.get("before", "") if request.method != "POST" else ""
    may_write = request.user.has_perm("activities.add_activity")
    if form is None and may_write and not before:
        asked = request.GET.get("log", "")
        start = {"kind": asked} if asked in ActivityKind.values else {}
        form = ComposerForm(user=request.user, customer=customer, initial=start)
    timeline_ = customer_timeline(customer, request.user, kind=kind, before=before)
    return {
        "record": customer,
        "customer": customer,
        "form": form,
        "details_open": bool(
            form and form.errors.keys() & {"at", "duration_minutes", "direction", "outcome", "files"}
        ),
        "timeline": timeline_,
        "editable": _editable(request, timeline_),
        "filters": _filters(request, kind, set()),
        **_common(request),
    }


def _editable(request: HttpRequest, timeline_: Any) -> set[int]:
    shown = [e.record.pk for day in timeline_.days for e in day.entries if e.source == "activity"]
    if not shown:
        return set()
    mine = Activity.objects.editable_by(request.user)
    return set(mine.filter(pk__in=shown).values_list("pk", flat=True))


def _common(request: HttpRequest) -> dict[str, Any]:
    return {"here": here(request), "path": request.path, "before": request.GET.get("before", "")}


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in KINDS else ""


def _filters(request: HttpRequest, kind: str, without: set[str]) -> list[dict[str, Any]]:
    labels = {"": _("All"), **dict(ActivityKind.choices), TASK: _("Tasks done"), STAGE: _("Stages")}
    return [
        {"kind": value, "label": label, "active": value == kind}
        for value, label in labels.items()
        if value not in without
    ]


def _answer(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return _render(request, "activities/timeline.html", context, status=status)


def _render(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The fragment for a page that asks by htmx, the whole page for everyone else."""
    asked = getattr(request, "htmx", None)
    part = asked and not asked.boosted and not asked.history_restore_request
    name = template
    if part:
        name = "activities/_days.html" if context.get("before") else f"{template}#panel"
    response = render(request, name, context | {"fragment": bool(part)}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
