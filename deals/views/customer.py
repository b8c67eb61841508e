"""Deals on the customer page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.views.access import visible_or_404
from customers.models import Customer
from deals.selectors.customer import deals_of


@login_required
@require_safe
def customer_deals(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel: open deals first, and what they come to in the base currency."""
    customer = visible_or_404(request, Customer, pk)
    context = {"customer": customer, **deals_of(customer, request.user)}
    return render(request, "deals/_customer_deals.html", context)
