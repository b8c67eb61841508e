"""Language and time zone of the person who is signed in, their sessions, and the first start."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import get_user
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from accounts.clock import zone_of
from accounts.models import User

# A session's last sign of life is written this often: each request would be a write to the database.
SEEN_SECONDS = 300
MOST_SEEN = 10_000

GetResponse = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Runs after authentication and LocaleMiddleware; a person's own choice wins."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The person in place of what fetches them: templates ask for them hundreds of times.
        user = request.user = get_user(request)
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        with timezone.override(zone_of(user)):
            return self.get_response(request)


class SessionActivityMiddleware:
    """Remembers when and from where each session was last used, for the list of sessions."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.seen: dict[str, float] = {}  # session -> when this process last asked the cache

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        due = key and request.user.is_authenticated and self._due(key)
        if due and cache.add(f"seen:{key}", True, timeout=SEEN_SECONDS):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)

    def _due(self, key: str) -> bool:
        now = monotonic()
        if now - self.seen.get(key, -SEEN_SECONDS) < SEEN_SECONDS:
            return False
        if len(self.seen) >= MOST_SEEN:
            self.seen.clear()
        self.seen[key] = now
        return True


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
