"""Home: what waits today."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.constants import SEE_TEAM
from activities.selectors.people import MINE, TEAM, scope_of
from activities.selectors.today import today_page
from core.panels import panels_for

SEEN = "today_seen"
SEEN_BEFORE = "today_seen_before"
# Coming back within this time is the same visit.
VISIT_MINUTES = 30


@login_required
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user, request.GET.get("who", ""))
    page = today_page(request.user, scope=scope, last_visit=_last_visit(request))
    leads = request.user.has_perm(SEE_TEAM)
    labels = {MINE: _("Mine"), TEAM: _("The team's")}
    context = {
        "today": page,
        "may_write": request.user.has_perm("activities.add_task"),
        "may_add_customer": request.user.has_perm("customers.add_customer"),
        "scopes": [
            {"label": label, "url": f"{reverse('activities:today')}?who={key}", "active": key == scope}
            for key, label in labels.items()
        ]
        if leads
        else [],
        "here": request.get_full_path(),
        "panels": [
            {"key": panel.key, "title": panel.title, "url": panel.url(page)}
            for panel in panels_for("today", request.user)
        ],
    }
    return render(request, "activities/today.html", context)


def _last_visit(request: HttpRequest) -> datetime | None:
    """When the visit before this one ended; kept in the session, written once a visit."""
    now = timezone.now()
    seen = parse_datetime(request.session.get(SEEN, ""))
    if seen is None or (now - seen).total_seconds() > VISIT_MINUTES * 60:
        if seen is not None:
            request.session[SEEN_BEFORE] = seen.isoformat()
        request.session[SEEN] = now.isoformat()
    return parse_datetime(request.session.get(SEEN_BEFORE, ""))
