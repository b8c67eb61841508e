"""Removing the sample data."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.constants import ADMINISTER
from crm_project.demo.seed import remove


@login_required
@require_http_methods(["GET", "POST"])
def sample_data_remove(request: HttpRequest) -> HttpResponse:
    """Ask, then take the sample data out and say what was kept."""
    user: Any = request.user
    if not user.has_perm(ADMINISTER):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "demo/sample_data_remove.html")
    result = remove(actor=user)
    text = _("The sample data is gone.")
    if result.kept:
        text += " " + ngettext(
            "%(count)d record was kept because somebody has worked with it.",
            "%(count)d records were kept because somebody has worked with them.",
            result.kept,
        ) % {"count": result.kept}
    messages.success(request, text)
    return redirect("/")
