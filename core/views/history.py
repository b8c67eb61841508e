"""What was done and by whom, with Undo; and the trash."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core import trash
from core.display import Names
from core.exceptions import RuleViolation
from core.models import ChangeSet, Job
from core.notices import done
from core.undo import UndoResult
from core.undo_service import NEVER, is_final, may_undo, start_undo, too_old, touched_records
from core.views.access import came_from, page_number

PER_PAGE = 25


def administers(user: Any) -> bool:
    return bool(user.has_perm("accounts.administer"))


def acts_of(user: Any, *, everyone: bool) -> QuerySet[ChangeSet]:
    """The change sets on a person's history page."""
    rows = ChangeSet.objects.select_related("actor", "undone_by", "undo_of")
    return rows if everyone else rows.filter(actor=user)


@login_required
@require_GET
def change_set_list(request: HttpRequest) -> HttpResponse:
    """What I did, newest first; administrators may look at everyone."""
    everyone = request.GET.get("who") == "all"
    if everyone and not administers(request.user):
        raise PermissionDenied
    kind = request.GET.get("kind", "")
    rows = acts_of(request.user, everyone=everyone)
    if kind in ChangeSet.Kind.values:
        rows = rows.filter(kind=kind)
    number = page_number(request.GET.get("page"))
    shown = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    entries = [
        {"row": row, "undoable": row.pk and _offers_undo(row, request.user)} for row in shown[:PER_PAGE]
    ]
    context = {
        "entries": entries,
        "everyone": everyone,
        "administrator": administers(request.user),
        "kind": kind,
        "kinds": ChangeSet.Kind.choices,
        "number": number,
        "more": len(shown) > PER_PAGE,
    }
    return render(request, "core/change_set_list.html", context)


def _offers_undo(row: ChangeSet, user: Any) -> bool:
    """What the list can tell without a query per row; the act itself asks `may_undo`."""
    undone = hasattr(row, "undone_by")
    return row.kind not in NEVER and not undone and not too_old(row) and not is_final(row)


@login_required
@require_GET
def change_set_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One act: what it touched, and what an undo of it did, in three buckets."""
    row = get_object_or_404(acts_of(request.user, everyone=administers(request.user)), pk=pk)
    context = {
        "row": row,
        "records": _links(row, request.user),
        "undoable": may_undo(row, request.user),
        "result": row.undo_result,
    }
    return render(request, "core/change_set_detail.html", context)


def _links(row: ChangeSet, user: Any) -> list[dict[str, Any]]:
    names = Names(user)
    found = []
    for label, pk in touched_records(row):
        model = apps.get_model(label)
        visible = getattr(model._default_manager.all(), "visible_to", None)
        if visible is None:
            continue
        obj = visible(user).filter(pk=pk).first() if hasattr(model, "get_absolute_url") else None
        name = str(obj) if obj else names.of(model, pk)
        url = obj.get_absolute_url() if obj else ""
        found.append({"kind": model._meta.verbose_name, "name": name, "url": url})
    return found


@login_required
@require_POST
def change_set_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act back; a large one goes on in the background."""
    row = get_object_or_404(acts_of(request.user, everyone=administers(request.user)), pk=pk)
    if not may_undo(row, request.user):
        if not hasattr(row, "undone_by"):
            raise PermissionDenied
        messages.info(request, _("This has already been undone."))
        return redirect("core:change_set_detail", row.undone_by.pk)
    try:
        outcome = start_undo(row, actor=request.user)
    except RuleViolation as error:
        messages.error(request, error.message)
        return redirect("core:change_set_detail", row.pk)
    if isinstance(outcome, Job):
        return redirect("core:job_detail", outcome.pk)
    undone, result = outcome
    if result.kept or result.failed or undone.pk is None:
        messages.warning(request, told(result))
        return redirect("core:change_set_detail", undone.pk or row.pk)
    messages.success(request, told(result))
    back = came_from(request, reverse("core:change_set_list"))
    if row.kind == ChangeSet.Kind.CREATE and urlsplit(back).path in _pages_of(row):
        return redirect("core:change_set_list")  # the page it was taken back on is gone
    return redirect(back)


def _pages_of(row: ChangeSet) -> set[str]:
    """The addresses of the records an act touched."""
    pages = set()
    for label, pk in touched_records(row):
        model = apps.get_model(label)
        obj = model._base_manager.filter(pk=pk).first() if hasattr(model, "get_absolute_url") else None
        if obj is not None:
            pages.add(obj.get_absolute_url())
    return pages


def told(result: UndoResult) -> str:
    """What came of it, in a sentence for each bucket that is not empty."""
    if not result.kept and not result.failed:
        return ngettext("Undone: %(count)d change.", "Undone: %(count)d changes.", result.reversed) % {
            "count": result.reversed
        }
    found = [_("Undone: %d.") % result.reversed if result.reversed else _("Nothing was undone.")]
    for text, number in (
        (_("Kept because edited or used since: %d."), result.kept - result.barred),
        (_("Kept because you may not edit them: %d."), result.barred),
        (_("Could not be undone: %d."), result.failed),
    ):
        if number:
            found.append(text % number)
    return " ".join(found)


@login_required
@require_GET
def trash_list(request: HttpRequest) -> HttpResponse:
    """What can be restored, by kind; mine, or everybody's for administrators."""
    kinds = trash.kinds()
    if not kinds:
        raise Http404
    chosen = trash.kind_named(request.GET.get("kind", "")) or kinds[0]
    everyone = request.GET.get("who") == "all"
    if everyone and not administers(request.user):
        raise PermissionDenied
    page = Paginator(trash.trashed(chosen, request.user, everyone=everyone), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "kinds": kinds,
        "chosen": chosen,
        "everyone": everyone,
        "administrator": administers(request.user),
        "page": page,
    }
    return render(request, "core/trash.html", context)


@login_required
@require_POST
def trash_restore(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Bring one record back."""
    chosen = trash.kind_named(kind)
    if chosen is None:
        raise Http404
    rows = trash.trashed(chosen, request.user, everyone=True)
    record = get_object_or_404(rows, pk=pk)
    try:
        change_set = chosen.restore(record, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(f"{reverse('core:trash_list')}?kind={chosen.key}")
    done(request, _("%(name)s is back.") % {"name": record}, change_set)
    return redirect(record.get_absolute_url())
