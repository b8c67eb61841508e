"""Search: a page of its own, and the palette that Ctrl+K opens."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import search_registry as registry
from core.search import words

IN_PALETTE, ON_PAGE = 5, 20
LONGEST = 200


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Records of every kind this person may see, and actions; recent ones for an empty text."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    palette = "palette" in request.GET
    groups = found(request.user, text, IN_PALETTE if palette else ON_PAGE)
    template = "core/_palette.html" if palette else "core/search.html"
    response = render(request, template, {"groups": groups, "text": text, "searched": bool(words(text))})
    patch_vary_headers(response, ["HX-Request"])
    return response


def found(user: Any, text: str, limit: int) -> list[dict[str, Any]]:
    """Groups of hits; at most one query a kind."""
    if not words(text):
        groups = [
            {"label": _("Recently opened"), "hits": registry.recent(user)},
            {"label": _("Actions"), "hits": registry.actions(user)},
        ]
        return [group for group in groups if group["hits"]]
    groups = []
    for kind in registry.kinds():
        hits = registry.hits(kind, user, text, limit + 1)
        if hits:
            more = _more(kind, text) if len(hits) > limit else ""
            groups.append({"label": kind.label, "hits": hits[:limit], "more": more})
    actions = registry.actions(user, text)
    if actions:
        groups.append({"label": _("Actions"), "hits": actions[:limit]})
    return groups


def _more(kind: registry.Searchable, text: str) -> str:
    if not kind.list_url:
        return ""
    try:
        return f"{reverse(kind.list_url)}?{urlencode({'q': text})}"
    except NoReverseMatch:
        return ""
