"""A worker killed in the middle of an import: no row is lost, none comes twice.

Real processes, a real broker, a real kill -9: PostgreSQL with Redis, and SQLite with files.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[3]
ROWS = 30_000
# A numbered database of its own, because it is emptied.
REDIS = f"{(settings.REDIS_URL_OF_THIS_RUN or 'redis://localhost:6379/0').rsplit('/', 1)[0]}/13"
KEY = "killed-worker-0123456789abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"

START = """
from django.core.files.base import ContentFile
from accounts.models import User
from core.imports import services
user = User.objects.create_superuser("a@example.com", "correct horse battery", name="A")
rows = "".join(f"C{i},Firm {i},info{i}@firm{i}.example,Oslo\\n" for i in range(%d))
data = ("Customer number,Company,Email,City\\n" + rows).encode()
file = ContentFile(data, "x.csv")
run = services.create_run(file=file, filename="x.csv", actor=user, target="customers.customer")
print(services.start_run(run).pk)
"""
SWEEP = """
from datetime import timedelta
from core import jobs
from core.models import Job
Job.objects.filter(state="running").update(heartbeat_at=jobs.timezone.now() - timedelta(minutes=5))
print(jobs.sweep())
"""
RESULT = """
import json
from core.imports import services
from core.models import ImportRun
from customers.models import ContactMethod, Customer, StageChange
run = ImportRun.objects.get()
print(json.dumps({
    "state": run.state,
    "counts": run.counts["run"]["rows"],
    "customers": Customer.objects.count(),
    "numbers": Customer.objects.values("external_id").distinct().count(),
    "mails": ContactMethod.objects.values("key").distinct().count(),
    "methods": ContactMethod.objects.count(),
    "stages": StageChange.objects.count(),
    "total": run.change_set.total,
}))
"""


class Installation:
    """The product run as its own processes."""

    def __init__(self, env: dict[str, str]) -> None:
        clean = {
            k: v
            for k, v in os.environ.items()
            if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        self.env = {**clean, **env}
        self.worker: subprocess.Popen[bytes] | None = None

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def script(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code).splitlines()[-1]

    def start_worker(self) -> None:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "crm_project",
            "worker",
            "--pool",
            "solo",
            "-l",
            "ERROR",
        ]
        self.worker = subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def kill_worker(self) -> None:
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def wait(self, until, seconds: int = 300) -> list:
        """Ask the database until the job is as wanted."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            seen = self.look()
            if until(seen):
                return seen
            time.sleep(0.05)
        raise AssertionError(f"still {seen}")

    def look(self) -> list:
        raise NotImplementedError


class OnPostgres(Installation):
    def look(self) -> list:
        import psycopg

        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            return list(
                connection.execute("SELECT state, done, attempts FROM core_job").fetchone() or ("", 0, 0)
            )


class OnFiles(Installation):
    def look(self) -> list:
        import sqlite3

        connection = sqlite3.connect(Path(self.env["GUANXI_VAR"]) / "db.sqlite3", timeout=20)
        try:
            return list(
                connection.execute("SELECT state, done, attempts FROM core_job").fetchone() or ("", 0, 0)
            )
        finally:
            connection.close()


@pytest.fixture
def on_files(tmp_path) -> Iterator[Installation]:
    installation = OnFiles({"GUANXI_VAR": str(tmp_path)})
    yield installation
    installation.kill_worker()


@pytest.fixture
def on_postgres(tmp_path) -> Iterator[Installation]:
    import psycopg
    import redis

    name = f"guanxi_kill_{os.getpid()}"
    try:
        admin = psycopg.connect(settings.POSTGRES_URL, autocommit=True)
        redis.Redis.from_url(REDIS).flushdb()
    except (psycopg.OperationalError, redis.ConnectionError) as problem:
        pytest.skip(f"needs PostgreSQL and Redis: {problem}")
    admin.execute(f"CREATE DATABASE {name}")
    installation = OnPostgres(
        {
            "GUANXI_VAR": str(tmp_path),
            "DATABASE_URL": urlunsplit(urlsplit(settings.POSTGRES_URL)._replace(path=f"/{name}")),
            "REDIS_URL": REDIS,
            "SECRET_KEY": KEY,
            "ALLOWED_HOSTS": "localhost",
            "TLS": "0",
        }
    )
    yield installation
    installation.kill_worker()
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()


def _killed_and_resumed(installation: Installation) -> None:
    installation.manage("migrate", "--verbosity", "0")
    installation.script(START % ROWS)
    installation.start_worker()
    state, _done, _attempts = installation.wait(
        lambda seen: (seen[1] >= 4_000 and seen[0] == "running") or seen[0] == "done"
    )
    installation.kill_worker()
    assert state == "running", "the import was over before it could be killed"
    assert installation.look()[1] < ROWS
    assert int(installation.script(SWEEP)) == 1
    installation.start_worker()
    installation.wait(lambda seen: seen[0] not in ("queued", "running"))
    found = json.loads(installation.script(RESULT))
    assert found == {
        "state": "done",
        "counts": {"created": ROWS},
        "customers": ROWS,
        "numbers": ROWS,
        "mails": ROWS,
        "methods": ROWS,
        "stages": ROWS,
        "total": 3 * ROWS,
    }
    assert installation.look()[2] == 2


@pytest.mark.slow
@pytest.mark.skipif(settings.DATABASE != "sqlite", reason="part of the run on SQLite")
def test_a_killed_worker_on_sqlite_and_files(on_files):
    _killed_and_resumed(on_files)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.skipif(settings.DATABASE != "postgres", reason="part of the run on PostgreSQL")
def test_a_killed_worker_on_postgresql_and_redis(on_postgres):
    _killed_and_resumed(on_postgres)
