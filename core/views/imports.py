"""Imports: upload, map, review, trial run, run, result, undo."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import partial, wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.defuse import defuse
from core.exceptions import RuleViolation
from core.importing.errors import FileProblem
from core.imports import outcome as o
from core.imports import pages, registry, services
from core.imports.forms import ReadingForm, UploadForm, posted_mapping, posted_values
from core.models import ImportRow, ImportRun

View = Callable[..., HttpResponseBase]
State = ImportRun.State
PER_PAGE = 25


def may_import(view: View) -> View:
    """Only for those who may import at all."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("core.import_data"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def runs_of(user: Any) -> QuerySet[ImportRun]:
    """Imports a person made; administrators see those of everyone."""
    rows = ImportRun.objects.select_related("created_by", "job", "change_set")
    return rows if user.has_perm("accounts.administer") else rows.filter(created_by=user)


def _run(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(runs_of(request.user), pk=pk)


def _own_open(request: HttpRequest, pk: int) -> ImportRun:
    """The run, which only the person who uploaded it works on: it writes in their name."""
    run = _run(request, pk)
    if run.created_by_id != request.user.pk:
        raise PermissionDenied
    return run


@may_import
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports so far, newest first."""
    page = Paginator(runs_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    entries = [pages.summary(run) for run in page]
    return render(request, "core/import_list.html", {"page": page, "entries": entries})


@may_import
@require_http_methods(["GET", "POST"])
def import_upload(request: HttpRequest) -> HttpResponse:
    """Step 1: the file."""
    initial = {"target": request.GET.get("target", "")}
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.create_run(
                file=file, filename=file.name, actor=request.user, target=form.cleaned_data["target"]
            )
        except RuleViolation as problem:
            form.add_error(problem.field if problem.field in form.fields else None, problem.message)
        else:
            return redirect("core:import_map", run.pk)
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "steps": pages.steps("upload"), "importers": registry.all_importers()}
    return render(request, "core/import_upload.html", context, status=status)


@may_import
@require_http_methods(["GET", "POST"])
def import_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 2: which column is what."""
    run = _own_open(request, pk)
    if run.change_set_id or not run.file:
        return redirect("core:import_detail", run.pk)
    problem = ""
    if request.method == "POST":
        mapping = posted_mapping(request.POST, run.reading["headers"], run.mapping)
        try:
            services.save_mapping(run, mapping=mapping)
        except RuleViolation as error:
            problem = error.message
            run.mapping = mapping
        else:
            if request.POST.get("keep"):
                _keep(request, run)
            run.refresh_from_db()
            if pages.unclear(run, request.POST):
                messages.warning(request, _("Some columns can be read in two ways. Choose the right one."))
                return redirect("core:import_map", run.pk)
            return redirect("core:import_values", run.pk)
    context = pages.mapping_page(run, request.user)
    status = 422 if problem else 200
    return render(request, "core/import_map.html", {**context, "problem": problem}, status=status)


def _keep(request: HttpRequest, run: ImportRun) -> None:
    try:
        services.keep_mapping(run, name=request.POST["keep"], actor=request.user)
    except RuleViolation as problem:
        messages.error(request, problem.message)


@may_import
@require_POST
def import_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file another way."""
    run = _own_open(request, pk)
    form = ReadingForm(request.POST, user=request.user, reading=run.reading)
    if form.is_valid():
        try:
            services.read_again(
                run, chosen=form.chosen(), target=form.cleaned_data["target"], actor=request.user
            )
        except RuleViolation as problem:
            messages.error(request, problem.message)
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("core:import_map", run.pk)


@may_import
@require_http_methods(["GET", "POST"])
def import_values(request: HttpRequest, pk: int) -> HttpResponse:
    """Step 3: distinct values, corrected once for all rows. Skipped where there is nothing to see."""
    run = _own_open(request, pk)
    if run.change_set_id or not run.file:
        return redirect("core:import_detail", run.pk)
    try:
        found = services.distinct_values(run)
    except FileProblem as problem:
        messages.error(request, str(problem))
        return redirect("core:import_map", run.pk)
    shown = [item for item in found if item["values"] and not item["too_many"]]
    if request.method == "POST" or not shown:
        try:
            if request.method == "POST":
                services.save_values(run, values=posted_values(request.POST, found))
            services.start_trial(run)
        except RuleViolation as problem:
            messages.error(request, problem.message)
        return redirect("core:import_detail", run.pk)
    return render(request, "core/import_values.html", pages.values_page(run, shown))


@may_import
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Steps 4 and 5: the trial, the run and their results."""
    run = _run(request, pk)
    context = pages.detail_page(run, request.user, request.GET)
    if getattr(request, "htmx", False) and request.GET.get("part") == "progress":
        if not context["busy"]:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = reverse("core:import_detail", args=[run.pk])
            return response
        return render(request, "core/_import_progress.html", context)
    return render(request, "core/import_detail.html", context)


def _act(request: HttpRequest, pk: int, act: Callable[[ImportRun], Any], *, own: bool = True) -> HttpResponse:
    run = _own_open(request, pk) if own else _run(request, pk)
    try:
        act(run)
    except RuleViolation as problem:
        messages.error(request, problem.message)
    except FileProblem as problem:
        messages.error(request, str(problem))
    return redirect("core:import_detail", run.pk)


@may_import
@require_POST
def import_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Trial run."""
    return _act(request, pk, services.start_trial)


@may_import
@require_POST
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Import in earnest; a second click changes nothing."""
    return _act(request, pk, services.start_run)


@may_import
@require_POST
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on where it stopped."""
    return _act(request, pk, services.resume)


@may_import
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop; what is committed stays."""
    return _act(request, pk, services.cancel, own=False)


@may_import
@require_POST
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    return _act(request, pk, partial(services.start_undo, actor=request.user), own=False)


@may_import
@require_POST
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away an upload that was never imported."""
    run = _own_open(request, pk)
    try:
        services.discard(run)
    except RuleViolation as problem:
        messages.error(request, problem.message)
        return redirect("core:import_detail", run.pk)
    messages.success(request, _("The upload was thrown away."))
    return redirect("core:import_list")


class _Line:
    """A file that hands each line straight on."""

    def write(self, text: str) -> str:
        return text


@may_import
@require_GET
def import_failed(request: HttpRequest, pk: int) -> Any:
    """The rows that were not imported, as they stood, with why: mend them and upload this file."""
    run = _run(request, pk)
    trial = not run.change_set_id
    rows = ImportRow.objects.filter(run=run, trial=trial, outcome__in=(o.ERROR, o.SKIPPED)).order_by(
        "number", "pk"
    )
    if request.GET.get("outcome") == o.ERROR:
        rows = rows.filter(outcome=o.ERROR)
    response = StreamingHttpResponse(_csv(run, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}-not-imported.csv"'
    return response


def _csv(run: ImportRun, rows: QuerySet[ImportRow]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    heads = [*run.reading["headers"], _("Row"), _("Not imported because")]
    yield writer.writerow([defuse(head) for head in heads])
    for row in rows.iterator(chunk_size=1_000):
        cells = [defuse(cell) for cell in row.cells]
        yield writer.writerow([*cells, row.number, defuse(row.reason)])
