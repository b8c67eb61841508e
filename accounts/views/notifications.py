"""The bell, its list, and who wants to be told what."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.profile import NotificationPreferencesForm
from accounts.selectors.notifications import preferences_of, under_the_bell
from accounts.services.notifications import mark_all_read, mark_read
from accounts.services.profile import save_notification_preferences
from accounts.views._shared import signed_in
from core.views.access import safe_next

PER_PAGE = 25
IN_BELL = 8


@login_required
@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    """Everything one was told, or only what is unread."""
    rows = under_the_bell(signed_in(request))
    unread_only = request.GET.get("show") == "unread"
    if unread_only:
        rows = rows.filter(read_at=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread_only": unread_only}
    return render(request, "accounts/notification_list.html", context)


@login_required
@require_safe
def notification_bell(request: HttpRequest) -> HttpResponse:
    """The newest few, for the menu under the bell."""
    rows = under_the_bell(signed_in(request))[:IN_BELL]
    return render(request, "accounts/_bell.html", {"notifications": rows})


@login_required
@require_safe
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notification read and go where it leads."""
    person = signed_in(request)
    row = get_object_or_404(under_the_bell(person), pk=pk)
    mark_read(notification=row, actor=person)
    return redirect(row.url or "accounts:notification_list")


@login_required
@require_POST
def notification_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one read without opening it."""
    person = signed_in(request)
    mark_read(notification=get_object_or_404(under_the_bell(person), pk=pk), actor=person)
    return redirect(safe_next(request, "/notifications/"))


@login_required
@require_POST
def notification_read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    mark_all_read(actor=signed_in(request))
    return redirect(safe_next(request, "/notifications/"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notification_preferences(request: HttpRequest) -> HttpResponse:
    """Which news one wants, and where."""
    person = signed_in(request)
    form = NotificationPreferencesForm(request.POST or None, preferences=preferences_of(person))
    if request.method == "POST":
        # Every box unticked posts nothing but the token, so the form is bound by hand.
        form = NotificationPreferencesForm(request.POST, preferences=preferences_of(person))
        if form.is_valid():
            save_notification_preferences(actor=person, choices=form.choices())
            messages.success(request, _("Saved."))
            return redirect("accounts:notification_preferences")
    return render(request, "accounts/notification_preferences.html", {"form": form})
