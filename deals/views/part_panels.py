"""Panels of a deal's page: the fragment that is loaded into it, or a page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from core.views.access import is_fragment
from deals.models import Deal


def show(
    request: HttpRequest,
    deal: Deal,
    *,
    title: Any,
    template: str,
    status: int = 200,
    notices: bool = False,
    **context: Any,
) -> HttpResponse:
    """`notices`: what was done stands beside the panel that shows it."""
    values = {
        "record": deal,
        "card": {"title": title, "template": template},
        "may_edit": request.user.has_perm("deals.change_deal", deal),
        **context,
    }
    fragment = is_fragment(request)
    response = render(request, template if fragment else "deals/deal_card.html", values, status=status)
    if fragment and notices:
        response.content += render_to_string("components/toasts.html", {"oob": True}, request).encode()
    return response


def after(request: HttpRequest, deal: Deal, panel: Any) -> HttpResponse:
    """After an act of a panel: the panel anew, or the deal's page."""
    return panel(request, deal, notices=True) if is_fragment(request) else redirect(deal)
