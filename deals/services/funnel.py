"""The deal funnel worked out in the background, for histories too long for a page, and kept with its time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.exceptions import RuleViolation
from core.job_titles import register_job_page
from core.jobs import Running, enqueue, job_handler
from core.models import Job
from core.nightly import nightly_step
from deals.models import DealStageChange, Pipeline, StoredResult
from deals.selectors.funnel import Question, funnel, path_of

JOB = "deals.funnel"
# Up to so many moves a page works it out itself, in well under a second.
LIVE = 150_000
KEPT = timedelta(days=7)
FRESH = timedelta(days=1)


def register() -> None:
    """Called once when the app is ready."""
    register_job_page(JOB, _("Deal funnel"), lambda job: reverse("deals:funnel"))


def read(user: Any, question: Question) -> tuple[StoredResult | None, Job | None]:
    """The result, worked out at once or as it was kept; and the work that is under way for a newer one.
    One made at once is not saved: it has no id."""
    if not is_long():
        return StoredResult(data=funnel(user, question)), None
    kept = StoredResult.objects.filter(key=key_of(user, question)).first()
    if kept is None or kept.computed_at < timezone.now() - FRESH:
        again(user, question)
    return kept, Job.objects.filter(key=key_of(user, question)).exclude(state__in=Job.ENDED).first()


def is_long() -> bool:
    """Whether there are more moves than a page can read."""
    return DealStageChange.objects.order_by()[: LIVE + 1].count() > LIVE


def again(user: Any, question: Question) -> None:
    """Start working it out, unless that is under way."""
    arguments = {
        "pipeline": question.pipeline.pk,
        "start": question.start.isoformat(),
        "end": question.end.isoformat(),
        "split": question.split,
    }
    try:
        enqueue(JOB, arguments=arguments, actor=user, key=key_of(user, question))
    except RuleViolation:
        return


def key_of(user: Any, question: Question) -> str:
    """One result for each person and question; another role or team sees other deals."""
    seen = f"{user.pk}.{user.role}.{user.team_id or 0}"
    return f"{JOB}:{seen}:{question.pipeline.pk}:{question.start}:{question.end}:{question.split}"


@job_handler(JOB)
def work_out(job: Running) -> dict[str, Any]:
    """Done twice it keeps the newer result."""
    said = job.arguments
    pipeline = Pipeline.objects.get(pk=said["pipeline"])
    start, end = date.fromisoformat(said["start"]), date.fromisoformat(said["end"])
    question = Question(pipeline, path_of(pipeline), start, end, said["split"])
    keep(job.actor, question)
    return {}


def keep(user: Any, question: Question) -> None:
    """Work it out and keep it, with the time it speaks of."""
    at = timezone.now()
    StoredResult.objects.update_or_create(
        key=key_of(user, question), defaults={"data": funnel(user, question), "computed_at": at}
    )


@nightly_step("deals.forget_funnels")
def forget_old(day: date) -> int:
    """Results nobody has asked for in a week."""
    old = StoredResult.objects.filter(key__startswith=JOB, computed_at__lt=timezone.now() - KEPT)
    return old.delete()[0]
