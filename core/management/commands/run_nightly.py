"""Run the nightly upkeep now, without a worker."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import jobs
from core.nightly import start_nightly


class Command(BaseCommand):
    """``manage.py run_nightly [--day 2026-11-22]``."""

    help = "Runs the nightly upkeep, unless it ran for this day already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day is today's unless given."""
        parser.add_argument("--day", type=date.fromisoformat, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Start the run and do its work in this process, whoever else got the message."""
        day = options["day"] or timezone.localdate()
        job = start_nightly(day=day)
        if job is None:
            self.stdout.write(f"The run of {day} is done or under way.")
            return
        jobs.run(job.pk)
        job.refresh_from_db()
        failed = (job.result or {}).get("failed", [])
        if failed:
            raise CommandError(f"These steps failed: {', '.join(failed)}. See the log.")
        self.stdout.write(f"The run of {day}: {job.get_state_display()}.")
