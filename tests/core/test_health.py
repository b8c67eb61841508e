"""The health pages name the part that fails and tell nothing else."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from core import health
from core.models import Job

PARTS = ["database", "migrations", "broker", "jobs", "nightly run"]


@pytest.fixture(autouse=True)
def forget_migrations() -> None:
    """Every test reads the migrations itself."""
    health._applied_at.clear()


def test_healthz_needs_no_database(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "10.0.0.7"})

    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response.headers["Cache-Control"]


def test_healthz_only_answers_reads(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_readyz_when_all_is_well(client: Client) -> None:
    body = client.get("/readyz").json()

    assert body["status"] == "ready"
    assert list(body["parts"]) == PARTS
    assert body["parts"]["database"] == f"ok: {connection.vendor}"
    assert body["parts"]["migrations"] == "ok: applied"
    assert body["parts"]["nightly run"] == "ok: none yet"


@pytest.mark.django_db
def test_readyz_without_a_broker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import current_app

    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://:hunter2@127.0.0.1:1/0")
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "failed: does not answer"
    assert b"hunter2" not in response.content


@pytest.mark.django_db
def test_readyz_with_a_migration_that_waits(client: Client) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="sessions").delete()
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"]["migrations"] == "failed: 1 not applied"


@pytest.mark.django_db
def test_readyz_when_no_worker_takes_the_jobs(client: Client) -> None:
    Job.objects.create(kind="core.example", created_at=timezone.now() - timedelta(minutes=14))
    assert client.get("/readyz").status_code == 200

    Job.objects.create(kind="core.example", created_at=timezone.now() - timedelta(minutes=16))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["jobs"] == "failed: 1 waiting for too long; is a worker running?"


@pytest.mark.django_db
def test_readyz_when_the_nights_are_missed(client: Client) -> None:
    ended = timezone.now() - timedelta(hours=51)
    Job.objects.create(kind="core.nightly", state=Job.State.DONE, ended_at=ended)
    response = client.get("/readyz")

    assert response.status_code == 503
    expected = f"failed: last on {ended:%Y-%m-%d}; is beat running?"
    assert response.json()["parts"]["nightly run"] == expected


@pytest.mark.django_db
def test_readyz_reports_every_part_when_the_database_is_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection to 10.1.2.3 failed: password hunter2")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/readyz")

    assert response.status_code == 503
    parts = response.json()["parts"]
    assert list(parts) == PARTS
    assert parts["database"] == "failed: does not answer"
    assert parts["jobs"] == "failed: cannot be read"
    assert b"hunter2" not in response.content


@pytest.mark.django_db(transaction=True)
def test_the_nightly_command_runs_each_step_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    from core import nightly

    calls: list[str] = []
    monkeypatch.setattr(nightly, "_steps", {"core.example": lambda day: calls.append(str(day))})
    call_command("run_nightly", "--day", "2026-11-22")
    call_command("run_nightly", "--day", "2026-11-22")
    call_command("run_nightly", "--day", "2026-11-23")

    assert calls == ["2026-11-22", "2026-11-23"]
    assert list(Job.objects.values_list("state", flat=True)) == ["done", "done"]


@pytest.mark.django_db(transaction=True)
def test_a_broken_nightly_step_is_named_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.management import CommandError

    from core import nightly

    calls: list[str] = []

    def broken(day: object) -> None:
        calls.append("broken")
        if len(calls) < 3:
            raise ValueError("no")

    steps = {"a.broken": broken, "b.sound": lambda day: calls.append("sound")}
    monkeypatch.setattr(nightly, "_steps", steps)
    with pytest.raises(CommandError, match=r"a\.broken"):
        call_command("run_nightly", "--day", "2026-11-22")
    call_command("run_nightly", "--day", "2026-11-22")

    assert calls == ["broken", "sound", "broken", "sound"]
