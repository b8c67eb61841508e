"""Language and time zone of the person who is signed in, their sessions, and the first start."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.organisation import get_organisation

# A session's last sign of life is written this often: each request would be a write to the database.
SEEN_SECONDS = 300

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Runs after authentication and LocaleMiddleware; a person's own choice wins."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        zone = ""
        if user.is_authenticated:
            zone = user.time_zone
            if user.language:
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
        with timezone.override(ZoneInfo(zone or get_organisation().time_zone)):
            return self.get_response(request)


class SessionActivityMiddleware:
    """Remembers when and from where each session was last used, for the list of sessions."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"seen:{key}", True, timeout=SEEN_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class FirstRunMiddleware:
    """Leads everybody to the welcome page while nobody has an account yet."""

    OPEN = ("/welcome/", "/profile/language/", "/static/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever is signed in proves that there are people: no query for them.
        if (
            not request.user.is_authenticated
            and not request.path_info.startswith(self.OPEN)
            and not User.objects.exists()
        ):
            return redirect(reverse("accounts:welcome"))
        return self.get_response(request)
