"""The history of a customer or a contact, with the composer above it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.clock import today
from activities.constants import ActivityKind
from activities.forms import ComposerForm, ContactComposerForm
from activities.models import CadencePlan, Task
from activities.selectors.people import employers_of
from activities.selectors.timeline import (
    KINDS,
    STAGE,
    TASK,
    Timeline,
    contact_timeline,
    customer_timeline,
    deal_timeline,
)
from activities.services.activities import log_activity
from activities.views.base import back, customer_seen, customer_to_write, here, require
from core.exceptions import RuleViolation
from core.notices import done as done_notice
from core.views.access import visible_or_404
from customers.models import Contact, Customer
from deals.models import Deal
from deals.selectors.record import customer_of, deal_rows

Recorded = Customer | Contact | Deal
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
    """What a person took part in, with the composer above it."""
    contact = visible_or_404(request, Contact, pk)
    return _answer(request, _contact_context(request, contact))


@login_required
@require_POST
def contact_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an activity with a person, at one of the customers they belong to."""
    contact = visible_or_404(request, Contact, pk)
    require(request, "activities.add_activity")
    employers = employers_of(contact, request.user)
    if not employers:
        return _answer(request, _contact_context(request, contact), status=422)
    form = ContactComposerForm(request.POST, request.FILES, user=request.user, employers=employers)
    return _log(request, form, contact, contacts=[contact])


@login_required
@require_POST
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an activity with its next step."""
    customer = customer_to_write(request, pk)
    form = ComposerForm(request.POST, request.FILES, user=request.user, customer=customer)
    return _log(request, form, customer)


@login_required
@require_safe
def deal_history(request: HttpRequest, pk: int) -> HttpResponse:
    """A deal's history, with the composer above it."""
    deal = visible_or_404(request, Deal, pk, queryset=deal_rows(request.user))
    return _answer(request, _deal_context(request, deal))


@login_required
@require_POST
def deal_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Log an activity on a deal; it is one with the deal's customer too."""
    deal = visible_or_404(request, Deal, pk, queryset=deal_rows(request.user))
    require(request, "activities.add_activity")
    customer = customer_of(deal, request.user)
    if customer is None:
        raise PermissionDenied
    form = ComposerForm(request.POST, request.FILES, user=request.user, customer=customer, deal=deal)
    return _log(request, form, deal)


def _log(request: HttpRequest, form: ComposerForm, record: Recorded, **more: Any) -> HttpResponse:
    done = None
    if form.is_valid():
        customer = form.cleaned_data.get("about") or form.customer
        try:
            done = log_activity(customer=customer, actor=request.user, **form.arguments() | more)
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
    if done is None:
        return _answer(request, _context(request, record, form), status=422)
    done_notice(request, _("%(kind)s logged.") % {"kind": done.record.get_kind_display()}, done.change_set)
    if getattr(request, "htmx", False) and not request.htmx.boosted:  # type: ignore[attr-defined]
        response = _answer(request, _context(request, record))
        response["HX-Trigger"] = CHANGED
        return response
    return back(request, record.get_absolute_url())


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
    return render_part(request, "activities/planned.html", context)


def _context(request: HttpRequest, record: Recorded, form: ComposerForm | None = None) -> dict[str, Any]:
    if isinstance(record, Contact):
        return _contact_context(request, record, form)
    if isinstance(record, Deal):
        return _deal_context(request, record, form)
    return _customer_context(request, record, form)


def _customer_context(
    request: HttpRequest, customer: Customer, form: ComposerForm | None = None
) -> dict[str, Any]:
    if form is None and _composes(request):
        form = ComposerForm(user=request.user, customer=customer, initial=_start(request))
    found = customer_timeline(customer, request.user, kind=_kind(request), before=_before(request))
    return {
        "record": customer,
        "log_url": reverse("activities:activity_log", args=[customer.pk]),
        **_common(request, form, found, without=set()),
    }


def _contact_context(
    request: HttpRequest, contact: Contact, form: ComposerForm | None = None
) -> dict[str, Any]:
    employers = employers_of(contact, request.user) if form is None and _composes(request) else []
    if employers:
        form = ContactComposerForm(user=request.user, employers=employers, initial=_start(request))
    found = contact_timeline(contact, request.user, kind=_kind(request), before=_before(request))
    return {
        "record": contact,
        "log_url": reverse("activities:contact_log", args=[contact.pk]),
        "no_employer": form is None and _composes(request),
        **_common(request, form, found, without={STAGE}),
    }


def _deal_context(request: HttpRequest, deal: Any, form: ComposerForm | None = None) -> dict[str, Any]:
    customer = customer_of(deal, request.user) if form is None and _composes(request) else None
    if customer is not None:
        form = ComposerForm(user=request.user, customer=customer, deal=deal, initial=_start(request))
    found = deal_timeline(deal, request.user, kind=_kind(request), before=_before(request))
    return {
        "record": deal,
        "log_url": reverse("activities:deal_log", args=[deal.pk]),
        "no_customer": form is None and _composes(request),
        "may_note_objection": _composes(request) and deal.editable,
        **_common(request, form, found, without=set()),
    }


def _composes(request: HttpRequest) -> bool:
    """Whether the composer stands above: for who may write, on the first page of the history."""
    return request.user.has_perm("activities.add_activity") and not _before(request)


def _start(request: HttpRequest) -> dict[str, Any]:
    asked = request.GET.get("log", "")
    return {"kind": asked} if asked in ActivityKind.values else {}


def _before(request: HttpRequest) -> str:
    return request.GET.get("before", "") if request.method != "POST" else ""


DETAILS = {"at", "duration_minutes", "direction", "outcome", "files"}


def _common(
    request: HttpRequest, form: ComposerForm | None, timeline_: Timeline, *, without: set[str]
) -> dict[str, Any]:
    return {
        "form": form,
        "details_open": bool(form and form.errors.keys() & DETAILS),
        "timeline": timeline_,
        "filters": _filters(request, _kind(request), without),
        "here": here(request),
        "path": request.path,
        "before": _before(request),
    }


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
    return render_part(request, "activities/timeline.html", context, status=status)


def render_part(
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
