"""The nightly run: every app's daily upkeep, once a day, made good after downtime.

    @nightly_step("customers.empty_trash")
    def empty_trash(day: date) -> int: ...

A step gets the organisation's day and must be safe to run twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from core.exceptions import RuleViolation
from core.jobs import Running, enqueue, job_handler
from core.models import Job

logger = logging.getLogger(__name__)

KIND = "core.nightly"
Step = Callable[[date], Any]
_steps: dict[str, Step] = {}


def nightly_step(name: str) -> Callable[[Step], Step]:
    """Register a function to be called each night; steps run in the order of their names."""

    def register(function: Step) -> Step:
        _steps[name] = function
        return function

    return register


def start_nightly(*, day: date) -> Job | None:
    """Start the run of ``day`` unless it ran well already or is under way."""
    if _done(day):
        return None
    try:
        return enqueue(KIND, arguments={"day": day.isoformat()}, key=f"{KIND}:{day}")
    except RuleViolation:
        return None


def _done(day: date) -> bool:
    return Job.objects.filter(
        kind=KIND, state=Job.State.DONE, arguments__day=day.isoformat(), result__failed=[]
    ).exists()


@job_handler(KIND)
def run_nightly(job: Running) -> dict[str, Any]:
    """Run each step; one that fails does not keep the others from running."""
    day = date.fromisoformat(job.arguments["day"])
    if _done(day):
        return {"failed": [], "steps": {}}
    results: dict[str, Any] = {}
    failed = []
    for number, (name, step) in enumerate(sorted(_steps.items()), start=1):
        try:
            results[name] = step(day)
        except Exception:  # one broken step must not cost the others their night
            logger.exception("nightly step %s failed", name)
            failed.append(name)
        job.step(done=number, total=len(_steps), message=name)
    return {"failed": failed, "steps": results}
