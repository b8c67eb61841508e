"""The page a customer opens from a signed link: reads the close plan. No log-in, nothing to change."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from accounts.client import client_ip
from accounts.clock import today
from accounts.organisation import get_organisation
from core.models import SharedLink
from core.shared_links import note_opened, resolve
from core.throttle import count, counted
from deals.models import Deal
from deals.selectors.close_plan import shared_deal, steps_of
from deals.services.close_plan import LINK, language_of, last_day

HOUR = 3600
MISSES_AN_HOUR = 30  # wrong links from one address
READS_AN_HOUR = 300  # of one link
LONGEST_SECRET = 200


@require_safe
@login_not_required
def public_close_plan(request: HttpRequest, secret: str) -> HttpResponse:
    """In the customer's language; in no cache and no index."""
    response = _answer(request, secret)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, secret: str) -> HttpResponse:
    misses = f"close_plan:miss:{client_ip(request)}"
    if counted(misses) >= MISSES_AN_HOUR:
        return _too_many(request)
    link = resolve(secret, purpose=LINK) if len(secret) < LONGEST_SECRET else None
    deal = shared_deal(link.object_id) if link else None
    if link is None or deal is None:
        count(misses, HOUR)
        return render(request, "deals/public/gone.html", status=404)
    language = language_of(deal)
    with translation.override(language):
        if count(f"close_plan:read:{link.pk}", HOUR) > READS_AN_HOUR:
            return _too_many(request)
        note_opened(link)
        response = _page(request, deal, link)
        response.headers["Content-Language"] = language
        return response


def _page(request: HttpRequest, deal: Deal, link: SharedLink) -> HttpResponse:
    """Steps, days, who, and what is done. Notes, the deal's name and its figures stay with us."""
    context = {
        "ours": str(get_organisation()),
        "theirs": deal.customer.name if deal.customer else "",
        "owner": deal.owner,
        "steps": steps_of(deal),
        "day": today(),
        "until": last_day(link),
    }
    return render(request, "deals/public/close_plan.html", context)


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(HOUR)
    return response
