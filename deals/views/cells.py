"""Inline edit of one cell of the deal list. Without script the deal's own edit page does the same."""

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
from deals.forms.deals import DealForm
from deals.models import Deal
from deals.selectors.record import deal_rows
from deals.services.deals import update_deal

# An amount of money is nothing without its currency.
WITH = {"amount": ["amount", "currency"]}


@login_required
@require_http_methods(["GET", "POST"])
def edit_cell(request: HttpRequest, pk: int, column: str) -> HttpResponse:
    """GET: the little form. POST: saves; answers the new cell and version, or the form again."""
    spec = find("deals")
    assert spec is not None
    found = spec.table.available(request.user).get(column)
    if found is None or not found.edit:
        raise Http404
    deal = visible_or_404(request, Deal, pk, action="change", queryset=deal_rows(request.user))
    only = WITH.get(found.edit, [found.edit])
    form = DealForm(request.POST or None, instance=deal, user=request.user, only=only, custom=False)
    if found.edit not in form.fields:
        raise Http404
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            update_deal(deal=deal, data=form.values(), actor=request.user, expected_version=form.version)
        except StaleRecord:
            form.add_error(None, _("Somebody else changed this record meanwhile. Reload the page to see it."))
            status = 409
        except (RuleViolation, ValidationError) as error:
            form.add_errors_of(error)
        else:
            return _saved(request, spec, pk, found)
    context = {"form": form, "name": found.edit}
    status = 422 if form.errors and status == 200 else status
    return render(request, "customers/_cell_form.html", context, status=status)


def _saved(request: HttpRequest, spec: Any, pk: int, column: Any) -> HttpResponse:
    """The cell as the list draws it; gone where the act gave the record away."""
    rows = spec.table.fetch(spec.rows(request.user), [pk], [column], request.user)
    if not rows:
        return JsonResponse({"gone": True})
    return JsonResponse(
        {"html": str(conditional_escape(column.html(rows[0]))), "version": rows[0]["version"]}
    )
