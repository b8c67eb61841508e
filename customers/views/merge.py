"""Merging: choose the records, choose a value for each differing field, merge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import custom_values
from core.changes import field_value
from core.display import Names, in_words, label_of_field
from core.exceptions import RuleViolation
from core.models import Job
from core.money import format_money
from core.notices import done
from core.views.access import is_fragment, require, visible_or_404
from customers.forms.base import SEARCHED
from customers.models import Contact, Customer
from customers.services import duplicates, merge
from customers.services.duplicate_scan import JOB, start_scan
from customers.views.records import MODELS

PER_PAGE = 25


def _chosen_records(request: HttpRequest, model: type[Any]) -> list[Any]:
    """The records the address names, in its order. One that may not be seen is 404, not edited 403."""
    texts = ",".join(request.GET.getlist("ids")).split(",")
    ids = list(dict.fromkeys(int(t) for t in texts if t.isascii() and t.isdigit() and len(t) < 19))
    if len(ids) > merge.MOST:
        raise Http404
    rows = {row.pk: row for row in model.objects.visible_to(request.user).filter(pk__in=ids)}
    if len(rows) != len(ids):
        raise Http404
    editable = model.objects.editable_by(request.user).filter(pk__in=ids).count()
    if editable != len(ids):
        raise PermissionDenied
    return [rows[pk] for pk in ids]


@login_required
@require_http_methods(["GET", "POST"])
def record_merge(request: HttpRequest, kind: str) -> HttpResponse:
    """Side by side. With one record the page asks for the other one first."""
    model = MODELS.get(kind)
    if model is None:
        raise Http404
    require(request.user, model, "change")
    records = _chosen_records(request, model)
    if len(records) < 2:
        return _choose_other(request, kind, records)
    if request.method == "POST":
        return _merge(request, kind, records)
    winner = _winner(request.GET.get("winner"), records)
    return render(request, "customers/merge.html", _context(request, kind, records, winner))


def _choose_other(request: HttpRequest, kind: str, records: list[Any]) -> HttpResponse:
    model = MODELS[kind]
    text = request.GET.get("q", "")[:200]
    ids = [row.pk for row in records]
    found: Any = []
    if text:
        found = (
            model.objects.editable_by(request.user)
            .search(text)
            .exclude(pk__in=ids)
            .order_by("sort_name", "pk")[:20]
        )
    elif records:
        found = [h.record for h in _hints_for(model, records[0], request.user)]
    context = {"kind": kind, "records": records, "found": found, "text": text, "source": SEARCHED["parent"]}
    return render(request, "customers/merge_choose.html", context)


def _hints_for(model: type[Any], record: Any, user: Any) -> list[duplicates.Hint]:
    methods = {m.kind: m.value for m in record.methods.alive()}
    return duplicates.hints(
        model,
        user,
        name=record.name,
        email=methods.get("email", ""),
        phone=methods.get("phone", ""),
        domain=getattr(record, "domain", ""),
        exclude=record.pk,
    )


def _winner(text: str | None, records: list[Any]) -> Any:
    return next((row for row in records if str(row.pk) == text), records[0])


def _context(request: HttpRequest, kind: str, records: list[Any], winner: Any) -> dict[str, Any]:
    losers = [row for row in records if row != winner]
    return {
        "kind": kind,
        "records": records,
        "winner": winner,
        "ids": ",".join(str(row.pk) for row in records),
        "differences": _differences(records, winner, request.user),
        "moving": merge.what_moves(losers, request.user),
        "pair": records if len(records) == 2 else None,
    }


def _differences(records: list[Any], winner: Any, user: Any) -> list[dict[str, Any]]:
    """Fields on which the records differ; the winner's value is proposed unless it is empty."""
    model, names = type(winner), Names(user)
    found: list[dict[str, Any]] = []
    for field in merge.choosable(model):
        values = {row.pk: field_value(row, field) for row in records}
        words = {pk: in_words(model, field.name, value, names) for pk, value in values.items()}
        if field.name == "annual_revenue":
            values = {row.pk: (values[row.pk], row.currency) for row in records}
            words = {row.pk: _revenue(row) for row in records}
        _add(found, field.name, label_of_field(model, field.name), values, words, records, winner)
    for definition in custom_values.definitions(model._meta.label_lower):
        values = {row.pk: (row.custom or {}).get(definition.key) for row in records}
        people = custom_values.people_in([{definition.key: v} for v in values.values()], [definition])
        words = {pk: custom_values.show(definition, v, people=people) for pk, v in values.items()}
        _add(found, f"custom__{definition.key}", definition.label, values, words, records, winner)
    return found


def _revenue(row: Customer) -> str:
    return "" if row.annual_revenue is None else format_money(row.annual_revenue, row.currency)


def _add(
    found: list[dict[str, Any]],
    name: str,
    label: str,
    values: dict[int, Any],
    words: dict[int, str],
    records: list[Any],
    winner: Any,
) -> None:
    if len({repr(value) for value in values.values()}) == 1:
        return
    filled = [row.pk for row in records if words[row.pk]]
    chosen = winner.pk if words[winner.pk] or not filled else filled[0]
    cells = [{"pk": row.pk, "words": words[row.pk], "chosen": row.pk == chosen} for row in records]
    found.append({"name": name, "label": label, "cells": cells})


def _merge(request: HttpRequest, kind: str, records: list[Any]) -> HttpResponse:
    winner = _winner(request.POST.get("winner"), records)
    ids = {str(row.pk): row.pk for row in records}
    take = {
        name.removeprefix("take-"): ids[value]
        for name, value in request.POST.items()
        if name.startswith("take-") and value in ids
    }
    losers = [row for row in records if row != winner]
    try:
        change_set = merge.merge_records(winner, losers, take=take, actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return render(request, "customers/merge.html", _context(request, kind, records, winner), status=422)
    done(request, _("Merged into %(name)s.") % {"name": winner}, change_set)
    return redirect(winner)


def _note(record: Customer | Contact) -> str:
    return record.city if isinstance(record, Customer) else record.job_title


@login_required
@require_GET
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Possible duplicates of which this person sees both: customers, or contacts (`?kind=contact`)."""
    kind = "contact" if request.GET.get("kind") == "contact" else "customer"
    pairs = duplicates.open_pairs(MODELS[kind], request.user)
    page = Paginator(pairs, PER_PAGE).get_page(request.GET.get("page"))
    entries = [
        {
            "pair": pair,
            "first_note": _note(pair.first),
            "second_note": _note(pair.second),
            "reasons": [duplicates.REASONS[r] for r in pair.reasons if r in duplicates.REASONS],
        }
        for pair in page
    ]
    last = Job.objects.filter(kind=JOB).order_by("-pk").first()
    tabs = [
        {"label": label, "url": f"?kind={key}", "active": key == kind}
        for key, label in (("customer", _("Customers")), ("contact", _("Contacts")))
    ]
    may_scan = request.user.has_perm("customers.change_customer")
    context = {
        "kind": kind, "tabs": tabs, "page": page, "entries": entries, "last": last, "may_scan": may_scan,
    }  # fmt: skip
    return render(request, "customers/duplicate_list.html", context)


@login_required
@require_POST
def duplicate_scan(request: HttpRequest) -> HttpResponse:
    """Look through all customers and contacts in the background."""
    require(request.user, Customer, "change")
    try:
        job = start_scan(actor=request.user)
    except RuleViolation as error:
        messages.info(request, error.message)
        return redirect("customers:duplicate_list")
    return redirect("core:job_detail", job.pk)


@login_required
@require_POST
def not_duplicates(request: HttpRequest, kind: str, first: int, second: int) -> HttpResponse:
    """These are two; it is remembered."""
    model = MODELS.get(kind)
    if model is None or first == second:
        raise Http404
    rows = [visible_or_404(request, model, pk, action="change") for pk in (first, second)]
    duplicates.not_duplicates(rows[0], rows[1], actor=request.user)
    messages.success(request, _("Noted: they are not duplicates."))
    return redirect(f"{reverse('customers:duplicate_list')}?kind={kind}")


@login_required
@require_GET
def duplicate_hints(request: HttpRequest, kind: str) -> HttpResponse:
    """What looks like the record being typed; only what this person may see."""
    model: type[Customer | Contact] | None = MODELS.get(kind)
    if model is None:
        raise Http404
    get = request.GET
    name = get.get("name") or " ".join(filter(None, [get.get("given_name"), get.get("family_name")]))
    found = duplicates.hints(
        model,
        request.user,
        name=name[:200],
        email=get.get("email", "")[:254],
        phone=get.get("phone", "")[:60],
        domain=get.get("domain", "")[:200],
    )
    template = "customers/_duplicate_hints.html" if is_fragment(request) else "customers/duplicate_hints.html"
    return render(request, template, {"hints": found})


def merge_url(kind: str, *pks: int) -> str:
    return f"{reverse('customers:record_merge', args=[kind])}?ids={','.join(map(str, pks))}"
