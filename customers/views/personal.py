"""Personal data of one customer or contact: hand it out, erase it. Administrators only."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import personal_data
from core.exceptions import RuleViolation
from core.views.generic import add_errors
from customers.services.personal_data import erase_person
from customers.views.records import record_of


class EraseForm(forms.Form):
    """Typing the name keeps a slip from erasing the wrong record."""

    name = forms.CharField(label=gettext_lazy("Type the name to confirm"), max_length=200, strip=True)


@login_required
@require_GET
def personal_export(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """A zip with everything known, as JSON and CSV."""
    record = record_of(request, kind, pk)
    if not request.user.has_perm("accounts.administer"):
        raise PermissionDenied
    response = HttpResponse(personal_data.archive(record), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="personal-data-{kind}-{record.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_http_methods(["GET", "POST"])
def personal_erase(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Forget who this is, for good."""
    record = record_of(request, kind, pk)
    if not request.user.has_perm("accounts.administer"):
        raise PermissionDenied
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(record, actor=request.user, typed_name=form.cleaned_data["name"])
        except RuleViolation as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The personal data was erased."))
            return redirect(record)
    context = {"record": record, "kind": kind, "form": form}
    return render(request, "customers/personal_erase.html", context, status=422 if form.errors else 200)
