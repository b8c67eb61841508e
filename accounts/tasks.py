"""Celery entry points."""

from celery import shared_task

from accounts.selectors.notifications import people_due_for_digest
from core.exceptions import RuleViolation
from core.jobs import enqueue

DIGEST_JOB = "accounts.digest"


@shared_task(name="accounts.send_digests", ignore_result=True)
def send_digests() -> None:
    """Woken through the day; starts a job when it is morning somewhere and there is news."""
    if not people_due_for_digest():
        return
    try:
        enqueue(DIGEST_JOB, arguments={}, key=DIGEST_JOB)
    except RuleViolation:
        return  # one is under way
