"""The calendar feed, read by programs, and the page where its links are made and revoked."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.client import client_ip
from accounts.organisation import get_organisation
from activities.forms import CalendarLinkForm
from activities.models import CalendarLink
from activities.selectors.feed import calendar_of
from activities.services.calendar_links import (
    hash_of,
    make_calendar_link,
    open_calendar_link,
    revoke_calendar_link,
)
from core.exceptions import RuleViolation

HOUR = 3600
READS_AN_HOUR = 120  # of one link
MISSES_AN_HOUR = 30  # wrong secrets from one address


@login_not_required
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address; it needs no log-in, so it is counted and can be revoked."""
    address = f"calendar:miss:{client_ip(request)}"
    if cache.get(address, 0) >= MISSES_AN_HOUR:
        return _too_many()
    if _count(f"calendar:read:{hash_of(secret)}") > READS_AN_HOUR:
        return _too_many()
    link = open_calendar_link(secret)
    if link is None:
        _count(address)
        raise Http404
    with translation.override(link.user.language or get_organisation().language):
        body = calendar_of(link.user, base_url=request.build_absolute_uri("/")[:-1], now=timezone.now())
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=300"
    response["Content-Disposition"] = 'attachment; filename="guanxi.ics"'
    response["X-Robots-Tag"] = "noindex"
    found: Any = get_conditional_response(request, etag=etag, response=response)
    return found


def _count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two lines
        return 1


def _too_many() -> HttpResponse:
    response = HttpResponse(status=429)
    response["Retry-After"] = str(HOUR)
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """One's own links. The address of a new one is shown now and never again."""
    user: Any = request.user
    form = CalendarLinkForm(request.POST or None)
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, secret = make_calendar_link(user=user, name=form.cleaned_data["name"])
        except RuleViolation as error:
            form.add_error(None, error.message)
        else:
            address = request.build_absolute_uri(reverse("activities:calendar_feed", args=[secret]))
            form = CalendarLinkForm()
    rows = CalendarLink.objects.filter(user=user, revoked_at=None).order_by("-created_at", "-pk")
    context = {"links": rows, "form": form, "address": address}
    response = render(request, "activities/calendar_links.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(CalendarLink, pk=pk, user=request.user.pk)
    revoke_calendar_link(link=link)
    messages.success(request, _("The link is revoked. Calendars that used it get no news any more."))
    return redirect("activities:calendar_links")
