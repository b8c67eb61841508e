"""Background work that survives a killed worker, a lost message and a dead broker.

    @job_handler("customers.export")
    def export(job: Running) -> dict: ...

    enqueue("customers.export", arguments={...}, actor=user)   # inside the transaction of its cause

A handler may be called again for the same job: it reads `job.cursor`, does a step in a
transaction and saves the cursor in that same transaction (`job.step`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.exceptions import RuleViolation
from core.models.job import Job

logger = logging.getLogger(__name__)

Handler = Callable[["Running"], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}

LOST_AFTER = timedelta(seconds=60)  # no sign of life for this long: the worker is dead
MAX_ATTEMPTS = 5


class Cancelled(Exception):
    """Somebody asked the job to stop; what was committed stays."""


def job_handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of one kind of job."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def enqueue(
    kind: str, *, arguments: dict[str, Any], actor: Any = None, key: str = "", total: int | None = None
) -> Job:
    """Write the job row now and send its id once the transaction is committed.

    With `key`, a second job of the same key is refused while one is open.
    """
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, arguments=arguments, requested_by=actor, key=key, total=total)
    except IntegrityError as error:
        raise RuleViolation(_("This work is already under way."), code="under_way") from error
    transaction.on_commit(lambda: send(job))
    return job


def send(job: Job) -> bool:
    """Hand the id to the broker. A dead broker is no error: the sweep sends it again."""
    from core.tasks import run_job

    try:
        run_job.delay(job.pk)
    except Exception:  # noqa: BLE001  any broker, any way of being away
        logger.warning("job %s not sent: broker unavailable", job.pk)
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    return True


class Running:
    """What a handler gets: the job, its cursor, and a way to report progress."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: dict[str, Any] = job.arguments
        self.cursor: Any = job.cursor
        self.actor = job.requested_by
        self.attempt = job.attempts

    def step(
        self, *, done: int | None = None, cursor: Any = None, total: int | None = None, message: str = ""
    ) -> None:
        """Save progress; call it inside the transaction of the step. Raises Cancelled if asked to stop.

        The attempt number fences off a worker that was thought dead and came back.
        """
        values: dict[str, Any] = {"heartbeat_at": timezone.now()}
        if done is not None:
            values["done"] = done
        if cursor is not None:
            values["cursor"] = self.cursor = cursor
        if total is not None:
            values["total"] = total
        if message:
            values["message"] = message[:300]
        mine = Job.objects.filter(pk=self.job.pk, attempts=self.attempt, state=Job.State.RUNNING)
        if not mine.update(**values):
            raise Cancelled
        if Job.objects.filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled


def run(job_id: int) -> None:
    """Claim and run one job; called by the worker. Running it twice does the work once."""
    claimed = Job.objects.filter(
        Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lt=timezone.now() - LOST_AFTER),
        pk=job_id,
    ).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        started_at=timezone.now(),
        heartbeat_at=timezone.now(),
    )
    if not claimed:
        return
    job = Job.objects.select_related("requested_by").get(pk=job_id)
    handler = _handlers.get(job.kind)
    if handler is None:
        _end(job, Job.State.FAILED, error=f"no handler for {job.kind}")
        return
    running = Running(job)
    try:
        result = handler(running)
    except Cancelled:
        _end(job, Job.State.CANCELLED)
    except RuleViolation as error:
        _end(job, Job.State.FAILED, error=error.message)
    except Exception as error:  # the row tells the person; the log tells the operator
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _end(job, Job.State.FAILED, error=_("Unexpected error: %s") % type(error).__name__)
    else:
        _end(job, Job.State.DONE, result=result)


def _end(job: Job, state: str, *, result: Any = None, error: str = "") -> None:
    Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).update(
        state=state, result=result, error=error, ended_at=timezone.now()
    )


def cancel(job: Job) -> None:
    """Ask a job to stop at its next step; one that has not started ends at once."""
    waiting = Job.objects.filter(pk=job.pk, state=Job.State.QUEUED)
    if not waiting.update(state=Job.State.CANCELLED, ended_at=timezone.now()):
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def sweep() -> int:
    """Send again what was lost: messages never delivered and workers that died. Returns how many."""
    now = timezone.now()
    stale = now - LOST_AFTER
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=stale)
    dead.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED, ended_at=now, error=_("Stopped: the worker died %d times.") % MAX_ATTEMPTS
    )
    unsent = Job.objects.filter(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=10))
    unsent = unsent.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=stale))
    lost = list(unsent) + list(dead.filter(attempts__lt=MAX_ATTEMPTS))
    return sum(send(job) for job in lost)
