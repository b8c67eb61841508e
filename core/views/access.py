"""Finding the row a request is about: invisible is 404, forbidden is 403."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

M = TypeVar("M", bound=Model)


def require(user: Any, model: type[Model], action: str, obj: Model | None = None) -> None:
    """403 unless the person may do this ("view", "add", "change", "delete") to the row."""
    opts = model._meta
    if not user.has_perm(f"{opts.app_label}.{action}_{opts.model_name}", obj):
        raise PermissionDenied


def visible_or_404(
    request: HttpRequest,
    model: type[M],
    pk: int,
    *,
    action: str = "view",
    queryset: QuerySet[M] | None = None,
) -> M:
    """The row, if this person may see it; then 403 unless they may do `action` to it."""
    rows = model._default_manager.all() if queryset is None else queryset
    obj = get_object_or_404(rows.visible_to(request.user), pk=pk)  # type: ignore[attr-defined]
    if action != "view":
        require(request.user, model, action, obj)
    return obj


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where `next` says, if that is on this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return fallback


def came_from(request: HttpRequest, fallback: str) -> str:
    """The page of this site the request was made on."""
    wanted = request.POST.get("next") or request.headers.get("Referer") or ""
    if wanted and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return fallback


def page_number(text: str | None) -> int:
    """A page number from an address; nonsense is the first page, and none is absurdly deep."""
    return (
        min(max(int(text), 1), 10_000) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
    )


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; boosted and history requests get the whole."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect, also out of an htmx request."""
    if is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
