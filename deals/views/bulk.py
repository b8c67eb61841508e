"""Acts on many selected deals: count first, then ask, then do it now or in the background."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core import jobs
from core.exceptions import RuleViolation
from core.notices import done
from customers.jobs import editable, selected
from customers.views.bulk import back, selection, told
from deals.forms.bulk import FORMS
from deals.jobs import BULK
from deals.models import Deal
from deals.services import bulk

NAMED = 5


@login_required
@require_POST
def bulk_act(request: HttpRequest) -> HttpResponse:
    """The first post shows what will happen to how many; the second (`confirm`) does it."""
    act = request.POST.get("action", "")
    if not request.user.has_perm("deals.change_deal"):
        raise PermissionDenied
    ids, query = selection(request.POST)
    if not ids and not query:
        messages.warning(request, _("Select at least one row first."))
        return redirect(back("deals", request.POST))
    if act not in FORMS:
        raise Http404
    confirmed = "confirm" in request.POST
    form = FORMS[act](request.POST if confirmed else None, model=Deal)
    if confirmed and form.is_valid():
        return _perform(request, act, form, ids, query)
    return _confirmation(request, act, form, ids, query)


def _confirmation(request: HttpRequest, act: str, form: Any, ids: list[int], query: str) -> HttpResponse:
    """How many rows, how many of them not, and what to set."""
    rows = selected("deals", request.user, ids=ids, query=query)
    mine = editable(rows, request.user)
    count, may = rows.count(), mine.count()
    context = {
        "form": form,
        "act": act,
        "count": may,
        "refused": count - may,
        "names": list(mine.order_by("sort_name", "pk").values_list("name", flat=True)[:NAMED]),
        "ids": ids,
        "query": request.POST.get("query", ""),
        "all_results": "1" if query else "",
        "large": may >= bulk.AT_ONCE,
        "back": back("deals", request.POST),
        "title": form.title,
    }
    return render(request, "customers/bulk_confirm.html", context, status=422 if form.errors else 200)


def _perform(request: HttpRequest, act: str, form: Any, ids: list[int], query: str) -> HttpResponse:
    """At once for a small selection; a job with progress for a large one."""
    rows = editable(selected("deals", request.user, ids=ids, query=query), request.user)
    total = rows.count()
    if total >= bulk.AT_ONCE:
        arguments = {"act": act, "value": form.value(), "ids": ids, "query": query}
        with transaction.atomic():
            job = jobs.enqueue(BULK, arguments=arguments, actor=request.user, total=total)
        return redirect("core:job_detail", job.pk)
    try:
        log, changed = bulk.bulk(rows, act=act, value=form.value(), actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect(back("deals", request.POST))
    done(request, told(act, changed), log if changed else None)
    if act == "stage" and changed < total:
        left = total - changed
        messages.warning(
            request,
            ngettext(
                "%(n)d deal stayed where it is: it is there already, or lacks what the stage asks for.",
                "%(n)d deals stayed where they are: they are there already, or lack what the stage asks for.",
                left,
            )
            % {"n": left},
        )
    return redirect(back("deals", request.POST))
