"""What Undo may not do: write to records out of reach, or point at rows that are gone."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import undo_service
from core.changes import change_set
from core.exceptions import RuleViolation
from core.jobs import Running
from core.models import ChangeSet, ImportRun, Job
from core.undo import undo
from customers.models import Customer, Source
from customers.services.customers import update_customer
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(team=TeamFactory())


@pytest.fixture
def customer(user):
    return CustomerFactory(name="Acme", owner=user, team=user.team)


def post_undo(user, row):
    client = Client()
    client.force_login(user)
    return client.post(reverse("core:change_set_undo", args=[row.pk]))


def test_a_value_that_names_a_deleted_row_stays_and_the_rest_goes_back(user, customer):
    source = Source.objects.create(name="Fair 1999")
    other = CustomerFactory(name="Other", owner=user, team=user.team)
    Customer.objects.filter(pk=customer.pk).update(source=source)
    with change_set(kind=ChangeSet.Kind.BULK, actor=user) as log:
        log.update(Customer.objects.get(pk=customer.pk), {"source": None})
        log.update(other, {"city": "Bern"})
    source.delete()
    _row, result = undo(log.row, actor=user)
    connection.check_constraints()
    assert (result.reversed, result.kept, result.failed) == (1, 0, 1)
    assert Customer.objects.get(pk=other.pk).city == ""


def test_undo_does_not_write_to_a_customer_somebody_else_has_taken_over(user, customer):
    row = update_customer(customer, values={"city": "Bern"}, actor=user)
    colleague = UserFactory(team=TeamFactory())
    update_customer(
        customer, values={"owner": colleague, "team": colleague.team}, actor=AdministratorFactory()
    )
    assert not Customer.objects.editable_by(user).filter(pk=customer.pk).exists()
    post_undo(user, row)
    assert Customer.objects.get(pk=customer.pk).city == "Bern"
    assert ChangeSet.objects.get(undo_of=row).undo_result == {"reversed": 0, "kept": 1, "failed": 0}


def test_giving_a_customer_away_can_be_taken_back(user, customer):
    colleague = UserFactory(team=TeamFactory())
    row = update_customer(customer, values={"owner": colleague, "team": colleague.team}, actor=user)
    post_undo(user, row)
    assert Customer.objects.get(pk=customer.pk).owner == user


def test_an_import_undone_from_the_history_is_undone_by_its_own_job(user):
    row = ChangeSet.objects.create(kind=ChangeSet.Kind.IMPORT, actor=user, reason="a.csv")
    run = ImportRun.objects.create(
        token="0" * 32, filename="a.csv", size=1, created_by=user, target="customers.customer",
        change_set=row, state=ImportRun.State.DONE,
    )  # fmt: skip
    post_undo(user, row)
    run.refresh_from_db()
    assert run.state == ImportRun.State.UNDOING
    assert run.job.kind == "core.import_undo"


def test_an_import_at_work_is_not_undone_from_the_history(user):
    row = ChangeSet.objects.create(kind=ChangeSet.Kind.IMPORT, actor=user, reason="a.csv")
    job = Job.objects.create(kind="core.import_run", state=Job.State.RUNNING, requested_by=user)
    ImportRun.objects.create(
        token="0" * 32, filename="a.csv", size=1, created_by=user, target="customers.customer",
        change_set=row, state=ImportRun.State.RUNNING, job=job,
    )  # fmt: skip
    post_undo(user, row)
    assert not ChangeSet.objects.filter(undo_of=row).exists()


def test_a_large_undo_finished_by_another_worker_is_no_failure(user, customer, monkeypatch):
    """A long transaction gives no sign of life, so a second worker may wait for the first one."""
    row = update_customer(customer, values={"city": "Bern"}, actor=user)

    def finished_elsewhere(change_set, **arguments):
        undo(change_set, actor=user)
        raise RuleViolation("undone", code="undone")

    monkeypatch.setattr(undo_service, "undo", finished_elsewhere)
    job = Job.objects.create(kind=undo_service.JOB, arguments={"change_set": row.pk}, requested_by=user)
    result = undo_service.run_undo(Running(job))
    assert result["change_set"] == row.undone_by.pk
    assert result["reversed"] == 1
