"""The organisation's pages: settings, visibility, security log."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.people import AccessQuestionForm
from accounts.forms.settings import OrganisationForm, VisibilityForm
from accounts.models import AuditEntry
from accounts.models.audit import AuditAct
from accounts.organisation import get_organisation
from accounts.permissions import administrator_required
from accounts.selectors import access_report as reports
from accounts.selectors import audit_words
from accounts.services.rules import current_levels, save_levels
from accounts.services.settings import update_organisation
from accounts.views._shared import refuse, signed_in
from core.exceptions import RuleViolation


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def organisation(request: HttpRequest) -> HttpResponse:
    """All settings in one form."""
    form = OrganisationForm(request.POST or None, instance=copy(get_organisation()))
    if request.method == "POST" and form.is_valid():
        try:
            update_organisation(values=form.cleaned_data, actor=signed_in(request))
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:organisation")
    status = 422 if form.errors else 200
    return render(request, "accounts/organisation.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def visibility(request: HttpRequest) -> HttpResponse:
    """The matrix of role and kind of record."""
    form = VisibilityForm(request.POST or None, levels=current_levels())
    if request.method == "POST" and form.is_valid():
        try:
            changed = save_levels(levels=form.levels(), actor=signed_in(request))
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
            return redirect("accounts:visibility")
    status = 422 if form.errors else 200
    return render(request, "accounts/visibility.html", {"form": form}, status=status)


@require_safe
@administrator_required
def access_report(request: HttpRequest) -> HttpResponse:
    """What one person can see, and why one record is visible to them or not."""
    form = AccessQuestionForm(request.GET if "person" in request.GET else None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        person = form.cleaned_data["person"]
        context |= {
            "person": person,
            "rows": reports.report(person),
            "teams": reports.teams_of(person),
            "limit": reports.COUNT_LIMIT,
        }
        if form.cleaned_data["record"]:
            found = reports.find_record(form.cleaned_data["record"])
            context["verdict"] = reports.explain(person, *found) if found else None
            context["asked"] = True
    return render(request, "accounts/access_report.html", context)


@require_safe
@administrator_required
def audit_list(request: HttpRequest) -> HttpResponse:
    """Who did what to whose access; newest first."""
    rows = AuditEntry.objects.select_related("actor", "subject")
    act = request.GET.get("act", "")
    if act in AuditAct.values:
        rows = rows.filter(act=act)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lines = [(row, audit_words.in_words(row)) for row in page]
    context = {"page": page, "lines": lines, "act": act, "acts": AuditAct.choices}
    return render(request, "accounts/audit_list.html", context)
