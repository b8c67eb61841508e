"""One's own pages: profile, appearance, language, sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.constants import Density, Theme
from accounts.devices import device
from accounts.forms.profile import ProfileForm
from accounts.models import User
from accounts.services.profile import update_profile
from accounts.services.sessions import end_all_sessions, end_session
from accounts.views._shared import refuse, signed_in
from core.exceptions import RuleViolation
from core.views.access import safe_next


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone and looks."""
    person = signed_in(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        try:
            saved = update_profile(actor=person, values=form.cleaned_data)
        except RuleViolation as error:
            refuse(form, error)
        else:
            with translation.override(saved.language or translation.get_language()):
                messages.success(request, _("Saved."))
            return redirect("accounts:preferences")
    status = 422 if form.errors else 200
    return render(request, "accounts/preferences.html", {"form": form}, status=status)


@login_required
@require_POST
def appearance_update(request: HttpRequest) -> HttpResponse:
    """The theme and density switches of the header."""
    values = {}
    if request.POST.get("theme") in Theme.values:
        values["theme"] = request.POST["theme"]
    if request.POST.get("density") in Density.values:
        values["density"] = request.POST["density"]
    if values:
        update_profile(actor=signed_in(request), values=values)
    if request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return redirect(safe_next(request, "/"))


@require_POST
def language_update(request: HttpRequest) -> HttpResponse:
    """The language switch: kept for the person, and in a cookie for the log-in page."""
    language = request.POST.get("language", "")
    response = redirect(safe_next(request, "/"))
    if language not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        update_profile(actor=signed_in(request), values={"language": language})
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@login_required
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in."""
    rows = UserSession.objects.purge_and_list(signed_in(request))
    rows.sort(key=lambda row: row.last_seen_at, reverse=True)
    key = request.session.session_key
    sessions = [
        {"row": row, "device": device(row.user_agent), "current": row.session_key == key} for row in rows
    ]
    return render(request, "accounts/session_list.html", {"sessions": sessions})


@login_required
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one device."""
    person = signed_in(request)
    session = get_object_or_404(UserSession, pk=pk, user=person)
    end_session(session=session, actor=person)
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:session_list")


@login_required
@require_POST
def session_end_all(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere; with ``keep`` the device in hand stays signed in."""
    person = signed_in(request)
    if request.POST.get("keep"):
        end_all_sessions(person=person, actor=person, keep=request.session.session_key)
        messages.success(request, _("All other devices are signed out."))
        return redirect("accounts:session_list")
    end_all_sessions(person=person, actor=person)
    request.session.flush()
    return redirect("account_login")
