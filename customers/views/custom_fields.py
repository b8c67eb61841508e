"""Fields an administrator adds to customers and contacts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import custom_values
from core.models import CustomField
from customers.forms.custom_fields import CustomFieldForm

KINDS: dict[str, tuple[str, Any]] = {
    "customer": ("customers.customer", gettext_lazy("Customers")),
    "contact": ("customers.contact", gettext_lazy("Contacts")),
    "deal": ("deals.deal", gettext_lazy("Deals")),
}
OURS = [model for model, _label in KINDS.values()]


def administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("accounts.administer"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(guarded)


@administrators
@require_safe
def customfield_list(request: HttpRequest) -> HttpResponse:
    """All fields, archived ones at the end."""
    rows = list(CustomField.objects.filter(model__in=OURS).order_by("archived", "position", "pk"))
    groups = [
        {"kind": kind, "label": label, "fields": [row for row in rows if row.model == model]}
        for kind, (model, label) in KINDS.items()
    ]
    return render(request, "customers/customfield_list.html", {"groups": groups})


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def customfield_create(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    last = CustomField.objects.filter(model=KINDS[kind][0]).order_by("-position").first()
    return _form(request, CustomField(model=KINDS[kind][0], position=last.position + 1 if last else 0))


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def customfield_update(request: HttpRequest, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(CustomField, pk=pk, model__in=OURS))


def _form(request: HttpRequest, item: CustomField) -> HttpResponse:
    form = CustomFieldForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The field is saved."))
        return redirect("customers:customfield_list")
    return render(
        request,
        "customers/customfield_form.html",
        {"form": form, "item": item},
        status=422 if form.errors else 200,
    )


@administrators
@require_POST
def customfield_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down among the fields of the same kind of record."""
    item = get_object_or_404(CustomField, pk=pk, model__in=OURS)
    with transaction.atomic():
        rows = list(
            CustomField.objects.select_for_update()
            .filter(model=item.model, archived=False)
            .order_by("position", "pk")
        )
        at = next((i for i, row in enumerate(rows) if row.pk == item.pk), None)
        other = None if at is None else at + (-1 if request.POST.get("to") == "up" else 1)
        if at is not None and other is not None and 0 <= other < len(rows):
            rows[at], rows[other] = rows[other], rows[at]
        for position, row in enumerate(rows):
            row.position = position
        CustomField.objects.bulk_update(rows, ["position"])
        custom_values.forget_definitions(item.model)
    return redirect("customers:customfield_list")


@administrators
@require_POST
def customfield_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Out of forms, lists and filters; the values stay and come back with it."""
    item = get_object_or_404(CustomField, pk=pk, model__in=OURS)
    item.archived = not item.archived
    item.save(update_fields=["archived"])
    messages.success(
        request, _("The field is archived.") if item.archived else _("The field is in use again.")
    )
    return redirect("customers:customfield_list")
