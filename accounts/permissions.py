"""Guards of views."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.constants import ADMINISTER

View = Callable[..., HttpResponse]


def requires(act: str) -> Callable[[View], View]:
    """Only for those who may do `act`: others get 403, strangers the log-in page."""

    def guard(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(act):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


administrator_required = requires(ADMINISTER)
