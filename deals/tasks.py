"""Celery entry points of sales."""

from celery import shared_task

from deals.rollup_upkeep import tidy_totals


@shared_task(name="deals.tidy_totals", ignore_result=True)
def tidy() -> None:
    """Woken every few minutes; it looks whether there is enough to merge."""
    tidy_totals()
