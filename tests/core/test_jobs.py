"""Jobs: done once, told honestly, and found again when a worker or a message is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from core import jobs
from core.exceptions import RuleViolation
from core.models import Job
from core.tasks import run_job

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def handler(monkeypatch):
    """Register a handler for one test: `handler(function)`."""

    def register(function):
        monkeypatch.setitem(jobs._handlers, "test.work", function)

    return register


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """The ids handed to the broker, which delivers none of them."""
    ids: list[int] = []
    monkeypatch.setattr(run_job, "delay", ids.append)
    return ids


def test_a_job_runs_after_the_commit_and_keeps_its_result(handler, django_capture_on_commit_callbacks):
    handler(lambda job: {"sum": sum(job.arguments["numbers"])})
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("test.work", arguments={"numbers": [1, 2, 3]})
        assert job.state == State.QUEUED
    job.refresh_from_db()
    assert (job.state, job.result, job.attempts, job.percent) == (State.DONE, {"sum": 6}, 1, 100)
    assert job.sent_at is not None
    assert job.ended_at is not None


def test_a_second_delivery_does_nothing(handler):
    runs = []
    handler(lambda job: runs.append(job.job.pk))
    job = Job.objects.create(kind="test.work")
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert runs == [job.pk]


def test_one_open_job_per_key(handler):
    jobs.enqueue("test.work", arguments={}, key="import:1")
    with pytest.raises(RuleViolation) as caught:
        jobs.enqueue("test.work", arguments={}, key="import:1")
    assert caught.value.code == "under_way"
    assert Job.objects.count() == 1


def test_an_ended_job_frees_its_key(handler):
    handler(lambda job: None)
    first = jobs.enqueue("test.work", arguments={}, key="import:1")
    jobs.run(first.pk)
    second = jobs.enqueue("test.work", arguments={}, key="import:1")
    assert second.pk != first.pk


def test_a_dead_broker_loses_nothing(monkeypatch, django_capture_on_commit_callbacks):
    def refuse(_job_id):
        raise ConnectionError

    monkeypatch.setattr(run_job, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue("test.work", arguments={})
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (State.QUEUED, None)


def test_the_sweep_sends_again_what_was_never_sent(sent):
    old = timezone.now() - timedelta(minutes=5)
    lost = Job.objects.create(kind="test.work", created_at=old)
    Job.objects.create(kind="test.work", created_at=old, sent_at=timezone.now())  # on its way
    Job.objects.create(kind="test.work")  # just written
    Job.objects.create(kind="test.work", created_at=old, state=State.DONE)
    assert jobs.sweep() == 1
    assert sent == [lost.pk]


def test_the_sweep_finds_dead_workers(sent):
    silent = timezone.now() - timedelta(minutes=5)
    dead = Job.objects.create(kind="test.work", state=State.RUNNING, attempts=1, heartbeat_at=silent)
    Job.objects.create(kind="test.work", state=State.RUNNING, attempts=1, heartbeat_at=timezone.now())
    hopeless = Job.objects.create(
        kind="test.work", state=State.RUNNING, attempts=jobs.MAX_ATTEMPTS, heartbeat_at=silent
    )
    assert jobs.sweep() == 1
    assert sent == [dead.pk]
    hopeless.refresh_from_db()
    assert hopeless.state == State.FAILED
    assert "died 5 times" in hopeless.error


def test_a_resumed_job_goes_on_from_its_cursor(handler):
    seen = []
    handler(lambda job: seen.append((job.cursor, job.attempt)))
    silent = timezone.now() - timedelta(minutes=5)
    job = Job.objects.create(
        kind="test.work", state=State.RUNNING, attempts=1, heartbeat_at=silent, cursor={"row": 400}
    )
    jobs.run(job.pk)
    assert seen == [({"row": 400}, 2)]


def test_a_worker_thought_dead_that_comes_back_is_fenced_off(handler):
    """Its step is refused, so the transaction of that step is rolled back."""
    job = Job.objects.create(kind="test.work", state=State.RUNNING, attempts=1, heartbeat_at=timezone.now())
    zombie = jobs.Running(Job.objects.get(pk=job.pk))
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.Cancelled):
        zombie.step(done=10)
    job.refresh_from_db()
    assert job.done == 0


def test_cancel_before_the_start_and_in_the_middle(handler):
    def work(running):
        running.step(done=1, total=2)
        jobs.cancel(running.job)
        running.step(done=2)

    handler(work)
    waiting = Job.objects.create(kind="test.work")
    jobs.cancel(waiting)
    jobs.run(waiting.pk)
    job = Job.objects.create(kind="test.work")
    jobs.run(job.pk)
    assert set(Job.objects.values_list("state", flat=True)) == {State.CANCELLED}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RuleViolation("The file is empty."), "The file is empty."),
        (ValueError("password=hunter2"), "Unexpected error: ValueError"),
    ],
)
def test_a_failure_says_what_a_person_may_read(handler, error, told, caplog):
    def work(_job):
        raise error

    handler(work)
    job = Job.objects.create(kind="test.work", requested_by=User.objects.create_user("a@b.c", name="A"))
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (State.FAILED, told)
