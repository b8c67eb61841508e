"""What the views of this app share: finding rows and going back to where one was."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.views.access import safe_next, visible_or_404
from customers.models import Customer


def editable(rows: QuerySet, request: HttpRequest, pk: int) -> Any:
    """The row, 404 where it cannot be seen and 403 where it may only be read."""
    return visible_or_404(request, rows.model, pk, action="change", queryset=rows)


def customer_seen(request: HttpRequest, pk: int) -> Customer:
    return visible_or_404(request, Customer, pk)


def customer_to_write(request: HttpRequest, pk: int, perm: str = "activities.add_activity") -> Customer:
    """A customer one may write about: whoever sees them and may write activities at all."""
    customer = customer_seen(request, pk)
    require(request, perm)
    return customer


def require(request: HttpRequest, perm: str) -> None:
    if not request.user.has_perm(perm):
        raise PermissionDenied


def number(text: str | None) -> int | None:
    """A row's number from an address; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def here(request: HttpRequest) -> str:
    """The page a person looks at: behind an htmx request it is the one that asked."""
    asked: Any = getattr(request, "htmx", None)
    if asked and not asked.boosted and asked.current_url_abs_path:
        return str(asked.current_url_abs_path)
    return request.get_full_path()


def back(request: HttpRequest, default: str) -> HttpResponse:
    return redirect(safe_next(request, default))
