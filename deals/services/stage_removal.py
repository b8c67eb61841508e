"""Taking a stage out of its pipeline: its deals move to another one first, with the reason."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.job_titles import register_job_page
from core.jobs import Running, enqueue, job_handler
from core.models import ChangeSet, Job
from deals.models import Deal, Stage
from deals.services.pipelines import refuse_last
from deals.services.stages import move

JOB = "deals.remove_stage"
AT_ONCE = 100  # deals moved within the request; more become a job
STEP = 100


def register() -> None:
    """Called once when the app is ready."""
    register_job_page(JOB, gettext_lazy("A stage is taken away"), _result)


def _result(job: Job) -> str:
    return reverse("core:change_set_detail", args=[(job.result or {})["change_set"]])


def remove_stage(stage: Stage, *, target: Stage, reason: str, actor: Any) -> ChangeSet | Job:
    """Move every deal of the stage to `target` and put the stage in the trash: one act, one Undo."""
    _refuse(stage, target, reason)
    deals = Deal._base_manager.filter(stage=stage)
    if deals.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        arguments = {"stage": stage.pk, "target": target.pk, "reason": reason.strip()}
        return enqueue(JOB, arguments=arguments, actor=actor, key=f"{JOB}:{stage.pk}", total=deals.count())
    with change_set(kind=ChangeSet.Kind.STAGE, actor=actor, reason=reason) as log:
        while _some(stage, target, reason, log):
            pass
        log.trash(stage)
    return log.row


def _refuse(stage: Stage, target: Stage, reason: str) -> None:
    if not reason.strip():
        raise RuleViolation(_("Say why: it is recorded with every deal that moves."), field="reason")
    if target.pk == stage.pk or target.kind != stage.kind or target.in_trash:
        raise RuleViolation(_("Choose another stage of the same kind."), field="target")
    if target.pipeline_id != stage.pipeline_id and not target.pipeline.is_active:
        raise RuleViolation(_("This pipeline takes no new deals."), field="target")
    refuse_last(stage)


def _some(stage: Stage, target: Stage, reason: str, log: ChangeLog) -> int:
    """Move some deals; how many. Those in the trash move without a line in their stage history."""
    deals = Deal._base_manager.filter(stage=stage).order_by("pk")
    ids = list(deals.filter(deleted_at=None).values_list("pk", flat=True)[:STEP])
    for deal in Deal._base_manager.filter(pk__in=ids).select_related("stage", "pipeline").order_by("pk"):
        move(deal, stage=target, log=log, reason=reason, required=False)
    if ids:
        return len(ids)
    binned = deals.values_list("pk", flat=True)[:STEP]
    rows = Deal._base_manager.filter(pk__in=list(binned))
    return log.update_queryset(rows, {"stage": target, "pipeline": target.pipeline})


@job_handler(JOB)
def run_remove_stage(job: Running) -> dict[str, Any]:
    """Step by step in one change set; the stage goes when no deal is left in it."""
    stage = Stage._base_manager.select_related("pipeline").get(pk=job.arguments["stage"])
    target = Stage._base_manager.select_related("pipeline").get(pk=job.arguments["target"])
    reason = job.arguments["reason"]
    _refuse(stage, target, reason)
    row, done = _act(job, reason)
    while True:
        with change_set(kind=row.kind, actor=job.actor, existing=row) as log:
            moved = _some(stage, target, reason, log)
            if not moved and not stage.in_trash:
                log.trash(stage)
            done += moved
            job.step(done=done, cursor=[row.pk, done])
        if not moved:
            return {"change_set": row.pk, "deals": done}


def _act(job: Running, reason: str) -> tuple[ChangeSet, int]:
    if job.cursor:
        return ChangeSet.objects.get(pk=job.cursor[0]), job.cursor[1]
    row = ChangeSet.objects.create(kind=ChangeSet.Kind.STAGE, actor=job.actor, reason=reason[:300])
    return row, 0
