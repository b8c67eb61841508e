"""What a seller does with a quote: send, make a new version, note the answer, win the deal, the link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.constants import MANAGE_SALES
from accounts.permissions import requires
from core.exceptions import RuleViolation, StaleRecord
from core.notices import done
from core.views.access import require
from core.views.generic import add_errors
from deals.forms.quotes import AnswerForm, LogoForm, SendForm
from deals.models import Quote
from deals.services import logo
from deals.services.quote_answers import answer_quote
from deals.services.quote_nightly import email_of
from deals.services.quotes import renew_link, revise_quote, send_quote, withdraw_link
from deals.services.winning import win_with_quote
from deals.views.quotes import quote_of

Act = Callable[[HttpRequest, Quote], HttpResponse]


def _button(act: Act) -> Callable[..., HttpResponse]:
    """An act without a form; what a service refuses is said on the page of the quote."""

    @login_required
    @require_POST
    @wraps(act)
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        quote = quote_of(request, pk, action="change")
        try:
            return act(request, quote)
        except (RuleViolation, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
            return redirect(quote)

    return view


@_button
def quote_revise(request: HttpRequest, quote: Quote) -> HttpResponse:
    made = revise_quote(quote, actor=request.user)
    done(request, _("%(name)s was created.") % {"name": made}, made.origin)
    return redirect(made)


@_button
def quote_link(request: HttpRequest, quote: Quote) -> HttpResponse:
    """A new address, or none at all."""
    if request.POST.get("act") == "withdraw":
        withdraw_link(quote)
        messages.success(request, _("The link is withdrawn: its page is gone."))
    else:
        renew_link(quote, actor=request.user)
        messages.success(request, _("There is a new link; the one before stopped working."))
    return redirect(quote)


@_button
def quote_win(request: HttpRequest, quote: Quote) -> HttpResponse:
    require(request.user, type(quote.deal), "change", quote.deal)
    change_set = win_with_quote(quote, actor=request.user)
    done(request, _("%(name)s is won.") % {"name": quote.deal}, change_set)
    return redirect(quote.deal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quote_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks whom to write to, then sends."""
    quote = quote_of(request, pk, action="change")
    initial = {"email": email_of(quote), "version": quote.version}
    form = SendForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            send_quote(
                quote,
                actor=request.user,
                email=form.cleaned_data["email"],
                message=form.cleaned_data["message"],
                expected_version=form.cleaned_data["version"],
            )
        except StaleRecord as stale:
            form.add_error(None, _("Somebody changed the quote meanwhile: look at it again, then send it."))
            data = request.POST.copy()
            data["version"] = str(stale.current.version)
            form.data = data
        except RuleViolation as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The quote is sent. Its link is below."))
            return redirect(quote)
    status = 422 if form.errors else 200
    return render(request, "deals/quote_send.html", {"quote": quote, "form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def quote_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes an answer that came by telephone or mail."""
    quote = quote_of(request, pk, action="change")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_quote(
                quote,
                accepted=form.cleaned_data["answer"] == "accept",
                name=form.cleaned_data["name"],
                note=form.cleaned_data["note"],
                actor=request.user,
            )
        except RuleViolation as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The answer is noted."))
            return redirect(quote)
    status = 422 if form.errors else 200
    return render(request, "deals/quote_answer.html", {"quote": quote, "form": form}, status=status)


@requires(MANAGE_SALES)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_logo(request: HttpRequest) -> HttpResponse:
    """The picture on quotes: a new one, or none."""
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and request.POST.get("act") == "remove":
        change_set = logo.remove_logo(actor=request.user)
        done(request, _("The logo is removed."), change_set)
        return redirect("deals:quote_logo")
    if request.method == "POST" and form.is_valid():
        try:
            change_set = logo.set_logo(form.cleaned_data["logo"].read(), actor=request.user)
        except RuleViolation as error:
            add_errors(form, error)
        else:
            done(request, _("Saved."), change_set)
            return redirect("deals:quote_logo")
    context: dict[str, Any] = {"form": form, "has_logo": bool(logo.logo_bytes())}
    return render(request, "deals/quote_logo.html", context, status=422 if form.errors else 200)
