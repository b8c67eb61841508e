"""Scheduled tasks that need more than one app."""

from celery import shared_task
from django.utils import timezone

from accounts.clock import organisation_zone, today
from core.nightly import start_nightly

NIGHT_STARTS = 2  # o'clock in the organisation's time zone


@shared_task(name="crm_project.run_nightly", ignore_result=True)
def run_nightly() -> None:
    """Woken every hour; starts the day's run once the night has come, or later after downtime."""
    local = timezone.localtime(timezone=organisation_zone())
    if local.hour >= NIGHT_STARTS:
        start_nightly(day=today())
