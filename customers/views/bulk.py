"""Acts on many selected rows: count first, then ask, then do it now or in the background."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core import jobs
from core.exceptions import RuleViolation
from core.lists import find
from core.notices import done
from customers.forms.bulk import FORMS, MODELS, BulkForm
from customers.jobs import editable, selected
from customers.services import bulk

MOST_IDS = 1_000
MERGE_MOST = 5


@login_required
@require_POST
def bulk_act(request: HttpRequest, spec_key: str) -> HttpResponse:
    """The first post shows what will happen to how many; the second (`confirm`) does it."""
    model, act = MODELS[spec_key], request.POST.get("action", "")
    if not request.user.has_perm(f"customers.change_{model._meta.model_name}"):
        raise PermissionDenied
    ids, query = selection(request.POST)
    if not ids and not query:
        messages.warning(request, _("Select at least one row first."))
        return redirect(back(spec_key, request.POST))
    if act == "merge":
        return merge(request, spec_key, ids)
    if act not in FORMS or (act == "stage" and spec_key != "customers"):
        raise Http404
    confirmed = "confirm" in request.POST
    form = FORMS[act](request.POST if confirmed else None, model=model)
    rows = selected(spec_key, request.user, ids=ids, query=query)
    if confirmed and form.is_valid():
        return perform(request, spec_key, act, form, ids, query)
    return confirmation(request, spec_key, act, form, rows, ids, query)


def selection(data: QueryDict) -> tuple[list[int], str]:
    """(ids, query): the query only where all results were chosen."""
    if data.get("all_results") == "1":
        # Never a part of it: with a filter missing, more rows would be changed than were shown.
        return [], data.get("query", "") or "?"
    asked = data.getlist("selected")[:MOST_IDS]
    return [int(pk) for pk in asked if pk.isascii() and pk.isdigit() and len(pk) < 19], ""


def confirmation(
    request: HttpRequest, spec_key: str, act: str, form: BulkForm, rows: Any, ids: list[int], query: str
) -> HttpResponse:
    """How many rows, how many of them not, and what to set."""
    count = rows.count()
    may = editable(rows, request.user).count()
    context = {
        "form": form,
        "act": act,
        "count": may,
        "refused": count - may,
        "names": list(
            editable(rows, request.user).order_by("sort_name", "pk").values_list("name", flat=True)[:5]
        ),
        "ids": ids,
        "query": request.POST.get("query", ""),
        "all_results": "1" if query else "",
        "large": may >= bulk.AT_ONCE,
        "back": back(spec_key, request.POST),
        "title": form.title,
    }
    return render(request, "customers/bulk_confirm.html", context, status=422 if form.errors else 200)


def perform(
    request: HttpRequest, spec_key: str, act: str, form: BulkForm, ids: list[int], query: str
) -> HttpResponse:
    """At once for a small selection; a job with progress for a large one."""
    rows = editable(selected(spec_key, request.user, ids=ids, query=query), request.user)
    total = rows.count()
    if total >= bulk.AT_ONCE:
        arguments = {"list": spec_key, "act": act, "value": form.value(), "ids": ids, "query": query}
        with transaction.atomic():
            job = jobs.enqueue("customers.bulk", arguments=arguments, actor=request.user, total=total)
        return redirect("core:job_detail", job.pk)
    try:
        log, changed = bulk.bulk(rows, act=act, value=form.value(), actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect(back(spec_key, request.POST))
    done(request, told(act, changed), log if changed else None)
    return redirect(back(spec_key, request.POST))


def told(act: str, changed: int) -> str:
    if act == "trash":
        return ngettext(
            "%(n)d record is in the trash now.", "%(n)d records are in the trash now.", changed
        ) % {"n": changed}
    return ngettext("%(n)d record was changed.", "%(n)d records were changed.", changed) % {"n": changed}


def merge(request: HttpRequest, spec_key: str, ids: list[int]) -> HttpResponse:
    """Two to five records go on to the merge page."""
    if not 2 <= len(ids) <= MERGE_MOST:
        messages.warning(request, _("Select two to five records to merge."))
        return redirect(back(spec_key, request.POST))
    address = reverse("customers:record_merge", args=[MODELS[spec_key]._meta.model_name])
    return redirect(f"{address}?{urlencode({'ids': ','.join(map(str, ids))})}")


def back(spec_key: str, data: QueryDict) -> str:
    """The list as it was."""
    spec = find(spec_key)
    assert spec is not None
    query = QueryDict(data.get("query", "").lstrip("?")).urlencode()
    return f"{reverse(spec.url)}?{query}" if query else reverse(spec.url)
