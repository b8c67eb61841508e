"""Downloading a list: streamed at once, or made by the worker and fetched when ready."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import exports, jobs
from core.lists import ListState, find
from core.models import ExportLog
from core.workbook import write_xlsx

OWN = ("format", "fields")


@login_required
@require_safe
def export_list(request: HttpRequest, spec_key: str) -> Any:
    """The rows of a list as a file, with the same address parameters as the list."""
    if not request.user.has_perm("core.export_data"):
        raise PermissionDenied
    spec = find(spec_key)
    if spec is None:
        raise Http404
    kind = exports.XLSX if request.GET.get("format") == exports.XLSX else exports.CSV
    params = list_params(request.GET)
    state = ListState(spec, request.user, params)
    export = exports.Export(state, request.GET.get("fields") == "all")
    entry = exports.log_export(
        user=request.user, key=spec_key, kind=kind, query=params.urlencode(), every_field=export.every_field
    )
    if kind == exports.XLSX and state.queryset.order_by()[: exports.JOB_FROM + 1].count() > exports.JOB_FROM:
        arguments = {"entry": entry.pk, "query": params.urlencode()}  # the log keeps a part of a long one
        jobs.enqueue("core.export", arguments=arguments, actor=request.user)
        messages.info(
            request, _("This file is large. It is being made; you can fetch it here when it is ready.")
        )
        return redirect("core:export_detail", entry.pk)
    if kind == exports.XLSX:
        return _xlsx(export, entry)
    return _csv(export, entry)


def list_params(data: QueryDict) -> QueryDict:
    """The address parameters that belong to the list."""
    params = data.copy()
    for name in OWN:
        params.pop(name, None)
    return params


def _csv(export: exports.Export, entry: ExportLog) -> StreamingHttpResponse:
    count = 0

    def counted() -> Iterator[list[Any]]:
        nonlocal count
        for row in export.rows():
            count += 1
            yield row
        ExportLog.objects.filter(pk=entry.pk).update(rows=count)

    response = StreamingHttpResponse(
        exports.csv_lines(export.heads, counted()), content_type=exports.TYPES[exports.CSV]
    )
    return _as_download(response, entry)


def _xlsx(export: exports.Export, entry: ExportLog) -> HttpResponse:
    target = TemporaryFile(suffix=".xlsx")  # noqa: SIM115 (FileResponse closes it)
    entry.rows = write_xlsx(target, export.heads, export.rows())
    entry.save(update_fields=["rows"])
    target.seek(0)
    response = FileResponse(target, content_type=exports.TYPES[exports.XLSX])
    return _as_download(response, entry)


def _as_download(response: Any, entry: ExportLog) -> Any:
    name = exports.file_name(entry.page, entry.kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is that the worker makes. Only the person who asked sees it."""
    entry = get_object_or_404(ExportLog, pk=pk, user=request.user)
    job = request.user.jobs.filter(kind="core.export", arguments__entry=entry.pk).first()  # type: ignore[union-attr]
    context = {"entry": entry, "job": job, "ready": bool(entry.file), "back": _list_address(entry)}
    template = (
        "core/export_detail.html#progress" if getattr(request, "htmx", False) else "core/export_detail.html"
    )
    return render(request, template, context)


def _list_address(entry: ExportLog) -> str:
    spec = find(entry.page)
    try:
        return f"{reverse(spec.url)}?{entry.query}" if spec else "/"
    except NoReverseMatch:
        return "/"


@login_required
@require_safe
def export_download(request: HttpRequest, pk: int) -> Any:
    """The finished file, for the person who asked and until it expires."""
    entry = get_object_or_404(ExportLog, pk=pk, user=request.user)
    if not entry.file or entry.expires_at is None or entry.expires_at < timezone.now():
        raise Http404
    if not request.user.has_perm("core.export_data"):
        raise PermissionDenied
    response = FileResponse(default_storage.open(entry.file), content_type=exports.TYPES[entry.kind])
    return _as_download(response, entry)
