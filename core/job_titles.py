"""What a kind of job is called, and where its result is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Job

Link = Callable[[Job], str]
_titles: dict[str, Any] = {"core.undo": _("Undo"), "core.nightly": _("Nightly run")}
_links: dict[str, Link] = {}


def register_job_page(kind: str, title: Any, link: Link | None = None) -> None:
    """Name a kind of job; `link(job)` is where a finished one leads ("" for nowhere)."""
    _titles[kind] = title
    if link is not None:
        _links[kind] = link


def title_of(job: Job) -> str:
    return str(_titles.get(job.kind, job.kind))


def result_link(job: Job) -> str:
    """The address of the result of a job that is done."""
    if job.state != Job.State.DONE:
        return ""
    if job.kind == "core.undo" and job.result:
        return reverse("core:change_set_detail", args=[job.result["change_set"]])
    found = _links.get(job.kind)
    return found(job) if found else ""
