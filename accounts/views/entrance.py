"""Coming in: the first start, and accepting an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.client import client_ip
from accounts.forms.people import NewPasswordForm
from accounts.forms.settings import WelcomeForm
from accounts.models import User
from accounts.services.invitations import accept_invitation, person_of
from accounts.services.settings import set_up
from accounts.views._shared import refuse
from core.exceptions import RuleViolation

BACKEND = "accounts.backends.RecordBackend"


@sensitive_post_parameters("password", "repeat")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first start of an empty installation; afterwards there is no such page."""
    if User.objects.exists():
        raise Http404
    form = WelcomeForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "repeat"}
        try:
            person = set_up(**values, ip=client_ip(request))
        except RuleViolation as error:
            if error.code == "set_up":
                raise Http404 from error
            refuse(form, error)
        else:
            login(request, person, backend=BACKEND)
            messages.success(request, _("Welcome. This is your organisation's own Guanxi."))
            return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "accounts/welcome.html", {"form": form}, status=status)


@sensitive_post_parameters("password", "repeat")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by the link of an invitation, then sign in like everybody else."""
    person = person_of(token)
    if person is None:
        return render(request, "accounts/invitation_invalid.html", status=410)
    form = NewPasswordForm(request.POST or None, person=person, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(
                token=token,
                password=form.cleaned_data["password"],
                name=form.cleaned_data["name"],
                ip=client_ip(request),
            )
        except RuleViolation as error:
            if error.code == "invitation":
                return render(request, "accounts/invitation_invalid.html", status=410)
            refuse(form, error)
        else:
            messages.success(request, _("Your password is set. Please sign in."))
            return redirect("account_login")
    context = {"form": form, "person": person}
    status = 422 if form.errors else 200
    return render(request, "accounts/invitation_accept.html", context, status=status)
