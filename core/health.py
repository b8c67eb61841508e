"""What ``/readyz`` looks at. Other parts of the product add their own checks here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from core.models import Job
from core.nightly import KIND as NIGHTLY_KIND

CACHE_SECONDS = 300
# The sweep sends a lost job again every minute; one that waits longer says that no worker runs.
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_NIGHTLY_GAP = timedelta(hours=50)

Check = Callable[[], str]

_applied_at: list[float] = []


class NotReady(Exception):
    """A part does not work; the message is shown to monitoring, so it holds no detail."""


@dataclass
class Report:
    """The outcome of all checks: ``parts`` maps a part's name to 'ok: …' or 'failed: …'."""

    parts: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether no part failed."""
        return not any(value.startswith("failed") for value in self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """The body of the page."""
        return {"status": "ready" if self.ready else "not ready", "parts": self.parts}


def check_database() -> str:
    """The database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError as error:
        raise NotReady("does not answer") from error
    return connection.vendor


def check_migrations() -> str:
    """No migration of this version waits; a success is remembered for some minutes."""
    if _applied_at and time.monotonic() - _applied_at[0] < CACHE_SECONDS:
        return "applied"
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, ImproperlyConfigured) as error:
        raise NotReady("cannot be read") from error
    if waiting:
        raise NotReady(f"{len(waiting)} not applied")
    _applied_at[:] = [time.monotonic()]
    return "applied"


def check_broker() -> str:
    """The message broker takes connections."""
    from celery import current_app

    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (BrokerError, OSError) as error:
        raise NotReady("does not answer") from error
    return broker.transport.driver_type


def check_jobs() -> str:
    """Workers take the jobs that wait."""
    try:
        late = Job.objects.filter(
            state=Job.State.QUEUED, created_at__lt=timezone.now() - LONGEST_WAIT
        ).count()
    except DatabaseError as error:
        raise NotReady("cannot be read") from error
    if late:
        raise NotReady(f"{late} waiting for too long; is a worker running?")
    return "none late"


def check_nightly() -> str:
    """The nightly run ended well lately; a new installation may have had none yet."""
    try:
        runs = Job.objects.filter(kind=NIGHTLY_KIND, state=Job.State.DONE)
        last = runs.order_by("-ended_at").values_list("ended_at", flat=True).first()
    except DatabaseError as error:
        raise NotReady("cannot be read") from error
    if last is None:
        return "none yet"
    if last < timezone.now() - LONGEST_NIGHTLY_GAP:
        raise NotReady(f"last on {last:%Y-%m-%d}; is beat running?")
    return f"{last:%Y-%m-%dT%H:%M}Z"


CHECKS: dict[str, Check] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
    "jobs": check_jobs,
    "nightly run": check_nightly,
}


def readiness() -> Report:
    """Run every check; later ones run even when an earlier one failed."""
    report = Report()
    for name, check in CHECKS.items():
        try:
            report.parts[name] = f"ok: {check()}"
        except NotReady as problem:
            report.parts[name] = f"failed: {problem}"
    return report
