"""Teams, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.people import TeamForm
from accounts.models import Team
from accounts.permissions import administrator_required
from accounts.selectors.people import team_tree
from accounts.services import teams
from accounts.views._shared import refuse, signed_in
from core.exceptions import RuleViolation


@require_safe
@administrator_required
def team_list(request: HttpRequest) -> HttpResponse:
    """The tree of teams."""
    return render(request, "accounts/team_list.html", {"rows": team_tree()})


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def team_create(request: HttpRequest) -> HttpResponse:
    """A new team; ``?parent=3`` proposes what it is part of."""
    parent = request.GET.get("parent", "")
    initial = {"parent": parent} if parent.isdecimal() else {}
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            team = teams.create_team(actor=signed_in(request), **form.cleaned_data)
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("The team %s was created.") % team)
            return redirect("accounts:team_list")
    status = 422 if form.errors else 200
    return render(request, "accounts/team_form.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def team_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or move a team, or delete it when it is empty."""
    team = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, instance=team)
    if request.method == "POST" and form.is_valid():
        try:
            teams.update_team(team=team, actor=signed_in(request), **form.cleaned_data)
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:team_list")
    context = {"form": form, "team": team, "members": team.members.order_by("name", "pk")}
    status = 422 if form.errors else 200
    return render(request, "accounts/team_form.html", context, status=status)


@require_POST
@administrator_required
def team_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an empty team."""
    team = get_object_or_404(Team, pk=pk)
    try:
        teams.delete_team(team=team, actor=signed_in(request))
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect("accounts:team_update", pk=pk)
    messages.success(request, _("The team %s was deleted.") % team)
    return redirect("accounts:team_list")
