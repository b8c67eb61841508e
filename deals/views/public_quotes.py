"""The page a customer opens from a signed link: reads the quote, accepts or declines it. No log-in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from accounts.client import client_ip
from accounts.clock import today
from core.exceptions import RuleViolation
from core.models import SharedLink
from core.shared_links import note_opened, resolve, token
from core.throttle import count, counted
from deals.constants import QuoteStatus
from deals.forms.quotes import PublicAnswerForm
from deals.models import Quote
from deals.pricing import totals
from deals.selectors.lines import lines_of
from deals.selectors.quotes import shared_quote
from deals.services.quote_answers import answer_quote
from deals.services.quote_mail import LINK
from deals.services.quotes import ends_before
from deals.views.quotes import pdf_response

HOUR = 3600
MISSES_AN_HOUR = 30  # wrong links from one address
READS_AN_HOUR = 300  # of one link
ANSWERS_AN_HOUR = 30  # of one link

View = Callable[[HttpRequest, Quote, SharedLink], HttpResponse]


def _shared(view: View) -> Callable[..., HttpResponse]:
    """Finds the quote of a link, in the language of the quote; counts, and keeps it out of every cache."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, secret: str) -> HttpResponse:
        response = _answered(request, secret, view)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def _answered(request: HttpRequest, secret: str, view: View) -> HttpResponse:
    misses = f"quote:miss:{client_ip(request)}"
    if counted(misses) >= MISSES_AN_HOUR:
        return _too_many(request)
    link = resolve(secret, purpose=LINK) if len(secret) < 200 else None
    quote = shared_quote(link.object_id) if link else None
    if link is None or quote is None:
        count(misses, HOUR)
        return render(request, "deals/public/gone.html", status=404)
    with translation.override(quote.language):
        posted = request.method == "POST"
        limit = ANSWERS_AN_HOUR if posted else READS_AN_HOUR
        if count(f"quote:{'post' if posted else 'read'}:{link.pk}", HOUR) > limit:
            return _too_many(request)
        response = view(request, quote, link)
        response.headers["Content-Language"] = quote.language
        return response


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(HOUR)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@_shared
def public_quote(request: HttpRequest, quote: Quote, link: SharedLink) -> HttpResponse:
    if request.method != "POST":
        note_opened(link)
        return _page(request, quote, link, PublicAnswerForm(initial={"name": _name(quote)}))
    form = PublicAnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, quote, link, form, status=422)
    try:
        answer_quote(
            quote,
            accepted=form.cleaned_data["answer"] == "accept",
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            note=form.cleaned_data["note"],
            ip=client_ip(request),
        )
    except RuleViolation as error:
        quote.refresh_from_db()
        return _page(request, quote, link, form, status=409, refused=error.message)
    return redirect("deals:public_quote", secret=token(link))


@require_safe
@_shared
def public_quote_document(request: HttpRequest, quote: Quote, link: SharedLink) -> HttpResponse:
    return pdf_response(quote)


def _name(quote: Quote) -> str:
    return quote.contact.name if quote.contact else ""


def _page(
    request: HttpRequest, quote: Quote, link: SharedLink, form: PublicAnswerForm, **more: Any
) -> HttpResponse:
    status = more.pop("status", 200)
    lines = lines_of(quote)
    over = quote.status == QuoteStatus.SENT and ends_before(quote, today())
    context = {
        "quote": quote,
        "secret": token(link),
        "lines": lines,
        "sums": totals(lines),
        "currency": quote.currency,
        "state": QuoteStatus.EXPIRED if over else quote.status,
        "form": form,
        "open": quote.status == QuoteStatus.SENT and not over,
        **more,
    }
    return render(request, "deals/public/quote.html", context, status=status)
