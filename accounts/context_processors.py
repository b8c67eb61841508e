"""What the frame of every page needs."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.navigation import navigation
from accounts.organisation import get_organisation
from accounts.selectors.notifications import unread_count
from accounts.vocabulary import vocabulary


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, unread notifications, organisation and its words; each only when it is used."""
    values: dict[str, Any] = {
        "organisation": SimpleLazyObject(get_organisation),
        "words": SimpleLazyObject(vocabulary),
    }
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # Templates call it; what it answers is the key of what they remember.
        values["navigation"] = cache(lambda: navigation(user, request.path))
        # Not lazy: htmx answers do not draw the bell, and nobody else asks twice.
        values["unread_notifications"] = SimpleLazyObject(lambda: unread_count(user))
    return values
