"""Celery entry points of the relationship history."""

from celery import shared_task

from core.exceptions import RuleViolation
from core.jobs import enqueue


@shared_task(name="activities.remind", ignore_result=True)
def remind() -> None:
    """Woken every hour; the work is a job, and one at a time is enough."""
    try:
        enqueue("activities.remind", arguments={}, key="activities.remind")
    except RuleViolation:
        return
