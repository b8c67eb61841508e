"""Inline edit of one cell of a list. Without script the record's own edit page does the same."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.exceptions import RuleViolation, StaleRecord
from core.lists import find
from core.views.access import visible_or_404
from customers.forms.base import CustomersForm
from customers.forms.contacts import ContactForm
from customers.forms.customers import CompanyForm, PersonForm
from customers.models import Contact, Customer
from customers.services.contacts import update_contact
from customers.services.customers import update_customer

MODELS: dict[str, Any] = {"customers": Customer, "contacts": Contact}


@login_required
@require_http_methods(["GET", "POST"])
def edit_cell(request: HttpRequest, spec_key: str, pk: int, column: str) -> HttpResponse:
    """GET: the little form. POST: saves; answers the new cell and version, or the form again."""
    spec = find(spec_key)
    assert spec is not None
    found = spec.table.available(request.user).get(column)
    if found is None or not found.edit:
        raise Http404
    record = visible_or_404(request, MODELS[spec_key], pk, action="change")
    form = _form(record, found.edit, request)
    if form is None:
        raise Http404
    if request.method == "POST" and form.is_valid():
        save = update_customer if isinstance(record, Customer) else update_contact
        try:
            save(record, values=form.values(), actor=request.user, expected_version=form.version)
        except StaleRecord:
            form.add_error(None, _("Somebody else changed this record meanwhile. Reload the page to see it."))
            return _fragment(request, form, found.edit, 409)
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
        else:
            return _saved(request, spec_key, pk, column)
    return _fragment(request, form, found.edit, 422 if form.errors else 200)


def _form(record: Any, name: str, request: HttpRequest) -> Any:
    form_class: type[CustomersForm] = ContactForm
    if isinstance(record, Customer):
        form_class = PersonForm if record.is_person else CompanyForm
    # An amount of money is nothing without its currency.
    only = [name, "currency"] if name == "annual_revenue" else [name]
    form = form_class(request.POST or None, instance=record, user=request.user, only=only, custom=False)
    return form if name in form.fields else None


def _fragment(request: HttpRequest, form: Any, name: str, status: int) -> HttpResponse:
    return render(request, "customers/_cell_form.html", {"form": form, "name": name}, status=status)


def _saved(request: HttpRequest, spec_key: str, pk: int, column: str) -> HttpResponse:
    """The cell as the list draws it; gone where the act gave the record away."""
    spec = find(spec_key)
    assert spec is not None
    found = spec.table.available(request.user)[column]
    rows = spec.table.fetch(spec.rows(request.user), [pk], [found], request.user)
    if not rows:
        return JsonResponse({"gone": True})
    return JsonResponse({"html": str(conditional_escape(found.html(rows[0]))), "version": rows[0]["version"]})
