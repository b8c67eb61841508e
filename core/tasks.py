"""Celery entry points: ids in, one call, safe to run twice."""

from celery import shared_task

from core import jobs


@shared_task(name="core.run_job", ignore_result=True)
def run_job(job_id: int) -> None:
    jobs.run(job_id)


@shared_task(name="core.sweep_jobs", ignore_result=True)
def sweep_jobs() -> int:
    return jobs.sweep()
