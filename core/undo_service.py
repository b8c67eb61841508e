"""Undo as people meet it: who may, at once or in the background."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import label_of
from core.exceptions import RuleViolation
from core.imports.services import start_undo as undo_import
from core.jobs import Running, enqueue, job_handler
from core.models import ChangeSet, ImportRun, Job
from core.undo import UndoResult, undo
from core.undo_steps import undo_in_steps

JOB = "core.undo"
AT_ONCE = 500  # rows; more becomes a job with a progress bar
DAYS = 90

NEVER = frozenset({ChangeSet.Kind.ERASE, ChangeSet.Kind.SYSTEM})


def may_undo(row: ChangeSet, user: Any) -> bool:
    """One's own acts, and everybody's for administrators; each once, within 90 days.

    An undone import has removed its rows for good, so that undo is final.
    """
    if row.kind in NEVER or too_old(row):
        return False
    if row.actor_id != user.pk and not user.has_perm("accounts.administer"):
        return False
    if is_final(row):
        return False
    undone = ChangeSet.objects.filter(undo_of=row).exists()
    return (not undone or _stopped(row) is not None) and _still_edits(row, user)


def is_final(row: ChangeSet) -> bool:
    """Whether this is itself the undo of an act whose records it has removed for good."""
    undone = row.undo_of
    return undone is not None and undone.kind in {str(ChangeSet.Kind.IMPORT), str(ChangeSet.Kind.DEMO)}


def _stopped(row: ChangeSet) -> Job | None:
    """The job of an undo that was stopped or broke on its way; it can be gone on with."""
    job = Job.objects.filter(kind=JOB, arguments__change_set=row.pk).order_by("-pk").first()
    return job if job and job.ended and job.state != Job.State.DONE and _reached(job) else None


def _reached(job: Job) -> Any:
    return job.cursor or job.arguments.get("cursor")


def too_old(row: ChangeSet) -> bool:
    return row.at < timezone.now() - timedelta(days=DAYS)


def _still_edits(row: ChangeSet, user: Any) -> bool:
    """Somebody who may no longer edit this kind of record cannot do so through Undo either."""
    if user.has_perm("accounts.administer"):
        return True
    labels = {*row.created_models, *row.changes.values_list("model", flat=True).distinct()}
    for label in labels:
        opts = apps.get_model(label)._meta
        kind = getattr(apps.get_model(label)._default_manager.all(), "kind", "")
        if kind and not user.has_perm(f"{opts.app_label}.change_{opts.model_name}"):
            return False
    return True


def start_undo(row: ChangeSet, *, actor: Any) -> tuple[ChangeSet, UndoResult] | Job:
    """Undo now, or as a job where it is large. Raises RuleViolation where it may not be."""
    stopped = _stopped(row)
    if stopped is None and ChangeSet.objects.filter(undo_of=row).exists():
        raise RuleViolation(_("This has already been undone."), code="undone")
    run = ImportRun.objects.filter(change_set=row).first() if row.kind == ChangeSet.Kind.IMPORT else None
    if run is not None:  # it may still be at work, and its own page has to know
        return undo_import(run, actor=actor)
    if row.total <= AT_ONCE:
        return undo(row, actor=actor, within_reach=True)
    arguments = {"change_set": row.pk, "cursor": _reached(stopped) if stopped else None}
    return enqueue(JOB, arguments=arguments, actor=actor, key=f"{JOB}:{row.pk}", total=row.total)


@job_handler(JOB)
def run_undo(job: Running) -> dict[str, Any]:
    """In steps that are committed one by one: a killed worker's undo goes on where it was."""
    row = ChangeSet.objects.get(pk=job.arguments["change_set"])
    result = undo_in_steps(row, job)
    return {"change_set": job.cursor["undo"], **result}


def touched_records(row: ChangeSet, *, limit: int = 20) -> list[tuple[str, int]]:
    """Some records an act touched, as (label, id), for its page: updated ones, then created ones."""
    found = list(dict.fromkeys(row.changes.order_by("pk").values_list("model", "object_id")[: limit * 2]))
    for label in row.created_models:
        model = apps.get_model(label)
        ids = model._base_manager.filter(origin=row).order_by("pk").values_list("pk", flat=True)[:limit]
        found += [(label_of(model), pk) for pk in ids]
    return list(dict.fromkeys(found))[:limit]
