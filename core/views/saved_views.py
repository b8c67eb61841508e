"""Naming, sharing, changing and removing saved views of a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.lists import ListSpec, find, normal_query
from core.models import SavedView
from core.services.saved_views import delete_view, save_view

SHARE = "core.share_views"


class SavedViewForm(forms.ModelForm):
    """Name and reach of a view; sharing is for those who may."""

    class Meta:
        model = SavedView
        fields = ("name", "is_default", "shared")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.has_perm(SHARE):
            del self.fields["shared"]


def _spec(key: str) -> ListSpec:
    spec = find(key)
    if spec is None:
        raise Http404
    return spec


@login_required
@require_safe
def saved_view_list(request: HttpRequest, page: str) -> HttpResponse:
    """A person's views of one list, and those others share."""
    spec = _spec(page)
    user: Any = request.user
    rows = SavedView.objects.filter(page=page).select_related("owner")
    return render(
        request,
        "core/savedview_list.html",
        {
            "spec": spec,
            "list_url": reverse(spec.url),
            "own": rows.filter(owner=user),
            "shared": rows.filter(shared=True).exclude(owner=user),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_create(request: HttpRequest, page: str) -> HttpResponse:
    """Give the present state of the list a name."""
    spec = _spec(page)
    given = QueryDict(request.POST["query"]) if "query" in request.POST else request.GET
    user: Any = request.user
    view = SavedView(page=page, owner=user, query=normal_query(given)[:4000])
    return _form(request, spec, view)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or share a view, or (Save on the list) store what the list now shows."""
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    spec = _spec(view.page)
    if request.POST.get("save") == "query":
        view.query = normal_query(QueryDict(request.POST.get("query", "").lstrip("?")))[:4000]
        save_view(view, actor=request.user)
        messages.success(request, _("The view is saved."))
        return _open(spec, view)
    return _form(request, spec, view)


def _form(request: HttpRequest, spec: ListSpec, view: SavedView) -> HttpResponse:
    form = SavedViewForm(request.POST or None, instance=view, user=request.user)
    if request.method == "POST" and form.is_valid():
        save_view(form.save(commit=False), actor=request.user)
        messages.success(request, _("The view is saved."))
        return _open(spec, view)
    status = 422 if form.errors else 200
    context = {"form": form, "view": view, "spec": spec, "list_url": reverse(spec.url)}
    return render(request, "core/savedview_form.html", context, status=status)


@login_required
@require_POST
def saved_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a view of one's own; a shared one of somebody who left, with the right to share."""
    view = get_object_or_404(SavedView, pk=pk)
    if view.owner_id != request.user.pk:
        if not view.shared:
            raise Http404
        if not request.user.has_perm("accounts.administer"):
            raise PermissionDenied
    delete_view(view, actor=request.user)
    messages.success(request, _("The view is removed."))
    return redirect("core:saved_view_list", view.page)


def _open(spec: ListSpec, view: SavedView) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(spec.url)}?view={view.pk}")
