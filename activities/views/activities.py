"""Changing and removing what was logged."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from activities.constants import ActivityKind
from activities.forms import ActivityForm, ComposerForm
from activities.models import Activity
from activities.selectors.timeline import recent_activities
from activities.services.activities import edit_activity, needs_no_answer, trash_activity
from activities.views.base import back, customer_seen, editable, number, require
from core.notices import done as done_notice
from core.views.access import safe_next, visible_or_404
from core.views.generic import RecordUpdateView
from customers.models import Customer
from deals.models import Deal


@login_required
@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    """Everything that happened with the customers one sees, newest first."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in ActivityKind.values else ""
    page = recent_activities(
        request.user, kind=kind, mine="mine" in request.GET, before=request.GET.get("before", "")
    )
    context = {
        "timeline": page,
        "kind": kind,
        "mine": "mine" in request.GET,
        "kinds": [("", _("All")), *ActivityKind.choices],
        "may_write": request.user.has_perm("activities.add_activity"),
        "here": request.get_full_path(),
    }
    return render(request, "activities/activity_list.html", context)


@login_required
@require_safe
def create(request: HttpRequest) -> HttpResponse:
    """Log something: first with whom, then what."""
    require(request, "activities.add_activity")
    kind = request.GET.get("kind", "")
    kind = kind if kind in ActivityKind.values else ActivityKind.CALL
    deal = _deal_asked(request)
    asked = deal.customer_id if deal else number(request.GET.get("customer"))
    if asked is not None:
        customer = customer_seen(request, asked)
        form = ComposerForm(user=request.user, customer=customer, deal=deal, initial={"kind": kind})
        context = {
            "customer": customer,
            "log_url": reverse("activities:deal_log", args=[deal.pk])
            if deal
            else reverse("activities:activity_log", args=[customer.pk]),
            "form": form,
            "next": safe_next(request, customer.get_absolute_url()),
        }
        return render(request, "activities/activity_create.html", context)
    text = request.GET.get("q", "").strip()
    rows = Customer.objects.visible_to(request.user)
    rows = rows.search(text) if text else rows.filter(owner=request.user.pk).order_by("-updated_at", "-pk")
    context = {"customers": rows.select_related("owner", "stage")[:20], "q": text, "kind": kind}
    return render(request, "activities/activity_choose.html", context)


def _deal_asked(request: HttpRequest) -> Deal | None:
    pk = number(request.GET.get("deal"))
    return None if pk is None else visible_or_404(request, Deal, pk)


class ActivityUpdate(RecordUpdateView):
    """An activity's own page: its form and its files."""

    model = Activity
    object: Activity
    form_class = ActivityForm
    template_name = "activities/activity_update.html"

    def get_queryset(self) -> QuerySet:
        return Activity.objects.select_related("customer", "author")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"customer": self.object.customer}

    def perform(self, form: Any, version: int | None) -> Any:
        values = form.values()
        return edit_activity(
            activity=self.object, values=values, actor=self.request.user, expected_version=version
        ).change_set

    def get_success_url(self, result: Any) -> str:
        return safe_next(self.request, self.object.customer.get_absolute_url())

    def get_cancel_url(self) -> str:
        return safe_next(self.request, self.object.customer.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        files = self.object.attachments.alive().order_by("pk")
        return super().get_context_data(
            activity=self.object, attachments=files, next=self.get_cancel_url(), **kwargs
        )


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    activity = editable(Activity.objects.select_related("customer"), request, pk)
    done = trash_activity(activity=activity, actor=request.user)
    done_notice(request, _("“%(title)s” is in the trash.") % {"title": activity.title}, done.change_set)
    return back(request, activity.customer.get_absolute_url())


@login_required
@require_POST
def handled(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's message that needs no answer."""
    activity = editable(Activity.objects.select_related("customer"), request, pk)
    done = needs_no_answer(activity=activity, actor=request.user)
    done_notice(request, _("Marked as needing no answer."), done.change_set)
    return back(request, activity.customer.get_absolute_url())


@login_required
@require_safe
def customer_options(request: HttpRequest) -> HttpResponse:
    """Customers one sees, for the searched choice: <option> lines."""
    text = request.GET.get("q", "").strip()[:200]
    rows = Customer.objects.visible_to(request.user)
    rows = rows.search(text) if text else rows.filter(owner=request.user.pk)
    rows = rows.order_by("-updated_at", "-pk")[:20]
    return render(request, "activities/_customer_options.html", {"rows": rows})
