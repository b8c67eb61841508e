"""What Undo may not do: write to records out of reach, or point at rows that are gone."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import undo_service
from core.changes import change_set
from core.jobs import Running
from core.models import ChangeSet, ImportRun, Job
from core.undo import UndoResult, undo
from core.views.history import told
from customers.models import ContactMethod, Customer, LifecycleStage, Source
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


def stage():
    return LifecycleStage.objects.order_by("position")[0]


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
    assert ChangeSet.objects.get(undo_of=row).undo_result == {
        "reversed": 0,
        "kept": 1,
        "failed": 0,
        "barred": 1,
    }


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


def test_the_message_says_that_nothing_was_undone_and_why(user, customer):
    row = update_customer(customer, values={"city": "Bern"}, actor=user)
    colleague = UserFactory(team=TeamFactory())
    update_customer(
        customer, values={"owner": colleague, "team": colleague.team}, actor=AdministratorFactory()
    )
    assert told(undo(row, actor=user, within_reach=True)[1]) == (
        "Nothing was undone. Kept because you may not edit them: 1."
    )


def test_a_phone_of_a_customer_given_away_since_is_kept(user, customer):
    with change_set(kind=ChangeSet.Kind.CREATE, actor=user) as log:
        phone = log.create(ContactMethod(customer=customer, kind="phone", value="+41 31 1", key="41311"))
    colleague = UserFactory(team=TeamFactory())
    update_customer(
        customer, values={"owner": colleague, "team": colleague.team}, actor=AdministratorFactory()
    )
    _row, result = undo(log.row, actor=user, within_reach=True)
    assert result == UndoResult(kept=1, barred=1)
    phone.refresh_from_db()
    assert phone.deleted_at is None


def test_a_customer_made_for_a_colleague_is_taken_back_with_its_phone(user):
    colleague = UserFactory(team=TeamFactory())
    with change_set(kind=ChangeSet.Kind.CREATE, actor=user) as log:
        made = log.create(CustomerFactory.build(stage=stage(), owner=colleague, team=colleague.team))
        phone = log.create(ContactMethod(customer=made, kind="phone", value="+41 31 1", key="41311"))
    assert not Customer.objects.editable_by(user).filter(pk=made.pk).exists()
    _row, result = undo(log.row, actor=user, within_reach=True)
    assert result == UndoResult(reversed=2)
    phone.refresh_from_db()
    assert phone.deleted_at is not None


def large_undo(user, customer, monkeypatch, *, steps):
    """The job of an undo whose worker is killed after some steps."""
    monkeypatch.setattr("core.undo_steps.STEP", 1)
    with change_set(kind=ChangeSet.Kind.BULK, actor=user) as log:
        for city in ("Bern", "Basel", "Chur"):
            log.update(customer, {"city": city})
    job = Job.objects.create(
        kind=undo_service.JOB, arguments={"change_set": log.row.pk}, requested_by=user,
        state=Job.State.RUNNING, attempts=1,
    )  # fmt: skip

    class Killed(Running):
        left = steps

        def step(self, **values):
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            super().step(**values)

    with pytest.raises(KeyboardInterrupt):
        undo_service.run_undo(Killed(job))
    job.refresh_from_db()
    return log.row, job


def test_a_large_undo_goes_on_where_a_killed_worker_left_it(user, customer, monkeypatch):
    row, job = large_undo(user, customer, monkeypatch, steps=2)
    customer.refresh_from_db()
    assert customer.city == "Basel"
    result = undo_service.run_undo(Running(job))
    assert result == {"change_set": row.undone_by.pk, "reversed": 3, "kept": 0, "failed": 0, "barred": 0}
    customer.refresh_from_db()
    assert customer.city == ""


def test_a_large_undo_that_was_stopped_can_be_gone_on_with(user, customer, monkeypatch):
    row, job = large_undo(user, customer, monkeypatch, steps=3)
    assert not undo_service.may_undo(row, user)  # it may still be at work
    ChangeSet.objects.filter(pk=row.pk).update(total=undo_service.AT_ONCE + 1)
    Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED)
    row.refresh_from_db()
    assert undo_service.may_undo(row, user)
    again = undo_service.start_undo(row, actor=user)
    again.state, again.attempts = Job.State.RUNNING, 1
    again.save()
    assert undo_service.run_undo(Running(again))["reversed"] == 3
    again.state = Job.State.DONE
    again.save()
    assert not undo_service.may_undo(row, user)
