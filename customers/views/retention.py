"""Who is proposed for erasure, because nobody was in touch for as long as personal data is kept."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.clock import today
from accounts.organisation import get_organisation
from accounts.permissions import administrator_required
from customers.selectors.retention import months_before, overdue_customers

PER_PAGE = 50


@require_safe
@administrator_required
def retention_list(request: HttpRequest) -> HttpResponse:
    """The longest silent first, each with the way to its erasure. Nothing is erased by itself."""
    months = get_organisation().retention_months
    context: dict[str, Any] = {"months": months}
    if months:
        rows = overdue_customers(today(), months).select_related("owner", "stage")
        context |= {
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "before": months_before(today(), months),
            "columns": [
                {"label": _("Name")},
                {"label": _("Stage")},
                {"label": _("Owner")},
                {"label": _("Last contact")},
                {"label": _("Last touch")},
                {"label": _("Acts"), "hidden_label": True},
            ],
        }
    return render(request, "customers/retention_list.html", context)
