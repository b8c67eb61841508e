"""My background work: progress, result, cancel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.job_titles import result_link, title_of
from core.models import Job
from core.views.access import is_fragment

PER_PAGE = 25


def jobs_of(user: Any) -> QuerySet[Job]:
    """Jobs a person started; administrators see those of everyone and of the system."""
    rows = Job.objects.select_related("requested_by")
    return rows if user.has_perm("accounts.administer") else rows.filter(requested_by=user)


@login_required
@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """What runs in the background for me."""
    everyone = request.GET.get("who") == "all" and request.user.has_perm("accounts.administer")
    rows = jobs_of(request.user) if everyone else Job.objects.filter(requested_by=request.user.pk)
    page = Paginator(rows.select_related("requested_by"), PER_PAGE).get_page(request.GET.get("page"))
    entries = [{"job": job, "title": title_of(job)} for job in page]
    context = {"page": page, "entries": entries, "everyone": everyone}
    return render(request, "core/job_list.html", context)


@login_required
@require_GET
def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; the page asks for its progress until it has ended."""
    job = get_object_or_404(jobs_of(request.user), pk=pk)
    context = {"job": job, "title": title_of(job), "link": result_link(job)}
    if is_fragment(request):
        return render(request, "core/_job.html", context)
    return render(request, "core/job_detail.html", context)


@login_required
@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask it to stop; what is already done stays."""
    job = get_object_or_404(jobs_of(request.user), pk=pk)
    jobs.cancel(job)
    messages.info(request, _("It will stop after the present step."))
    return redirect("core:job_detail", job.pk)
