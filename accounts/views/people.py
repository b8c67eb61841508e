"""People, for administrators."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import handover
from accounts.constants import Role
from accounts.forms.people import HeirForm, InviteForm, PersonForm
from accounts.models import AuditEntry, User
from accounts.permissions import administrator_required
from accounts.selectors.people import PER_PAGE, people
from accounts.services import invitations
from accounts.services import people as services
from accounts.services.sessions import end_all_sessions
from accounts.views._shared import refuse, signed_in
from core.exceptions import RuleViolation

STATES = ("active", "invited", "inactive")


@require_safe
@administrator_required
def user_list(request: HttpRequest) -> HttpResponse:
    """Everybody, searchable, by role and state."""
    search = request.GET.get("q", "").strip()[:100]
    role = request.GET.get("role", "") if request.GET.get("role") in Role.values else ""
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else ""
    page = Paginator(people(search=search, role=role, state=state), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "q": search, "role": role, "state": state, "roles": Role.choices}
    return render(request, "accounts/user_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def user_invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = invitations.invite_person(actor=signed_in(request), **form.cleaned_data)
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("An invitation was sent to %s.") % person.email)
            return redirect("accounts:user_list")
    return render(request, "accounts/user_invite.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def user_update(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what may be changed, and what may be done."""
    person = get_object_or_404(people(), pk=pk)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_person(person=person, values=form.cleaned_data, actor=signed_in(request))
        except RuleViolation as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("accounts:user_update", pk=person.pk)
    context = {
        "person": person,
        "form": form,
        "owned": handover.count_records(person),
        "heir_form": HeirForm(person=person),
        "hand_over_form": HeirForm(person=person, required=True, prefix="now"),
        "events": AuditEntry.objects.filter(subject=person).select_related("actor")[:10],
    }
    return render(request, "accounts/user_update.html", context, status=_status(form))


@require_POST
@administrator_required
def user_invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new invitation; the older link stops working."""
    person = get_object_or_404(User, pk=pk)
    try:
        invitations.invite_again(person=person, actor=signed_in(request))
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("A new invitation was sent to %s.") % person.email)
    return redirect("accounts:user_update", pk=pk)


@require_POST
@administrator_required
def user_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Bar somebody from signing in, and hand over their records."""
    person = get_object_or_404(User, pk=pk)
    form = HeirForm(request.POST, person=person)
    heir = form.cleaned_data["heir"] if form.is_valid() else None
    if not form.is_valid():
        messages.error(request, _("Choose another active person who is not read-only."))
        return redirect("accounts:user_update", pk=pk)
    try:
        job = services.deactivate_person(person=person, actor=signed_in(request), heir=heir)
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%s can no longer sign in.") % person)
        if job:
            messages.info(request, _("The records are being handed to %s.") % heir)
    return redirect("accounts:user_update", pk=pk)


@require_POST
@administrator_required
def user_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everything somebody owns to another person."""
    person = get_object_or_404(User, pk=pk)
    form = HeirForm(request.POST, person=person, required=True, prefix="now")
    if not form.is_valid():
        messages.error(request, _("Choose another active person who is not read-only."))
        return redirect("accounts:user_update", pk=pk)
    heir = form.cleaned_data["heir"]
    try:
        services.hand_over(person=person, heir=heir, actor=signed_in(request))
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The records are being handed to %s.") % heir)
    return redirect("accounts:user_update", pk=pk)


@require_POST
@administrator_required
def user_reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    person = get_object_or_404(User, pk=pk)
    try:
        services.reactivate_person(person=person, actor=signed_in(request))
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%s can sign in again.") % person)
    return redirect("accounts:user_update", pk=pk)


@require_POST
@administrator_required
def user_reset_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second step of somebody who lost their phone or key."""
    person = get_object_or_404(User, pk=pk)
    try:
        services.reset_second_step(person=person, actor=signed_in(request))
    except RuleViolation as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("%s now signs in with the password alone.") % person)
    return redirect("accounts:user_update", pk=pk)


@require_POST
@administrator_required
def user_sign_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out on all devices."""
    person = get_object_or_404(User, pk=pk)
    keep = request.session.session_key if person.pk == signed_in(request).pk else None
    end_all_sessions(person=person, actor=signed_in(request), keep=keep)
    messages.success(request, _("%s is signed out everywhere.") % person)
    return redirect("accounts:user_update", pk=pk)


def _status(form: PersonForm | InviteForm) -> int:
    return 422 if form.is_bound and form.errors else 200
