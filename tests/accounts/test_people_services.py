"""People: role, coming and going, handing over."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, connections

from accounts import handover
from accounts.constants import Role
from accounts.models import AuditEntry, Notification, User
from accounts.models.audit import AuditAct
from accounts.services import people
from core.exceptions import RuleViolation
from core.models import ChangeSet, Job
from tests.factories.accounts import (
    AdministratorFactory,
    AnalystFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_an_administrator_changes_role_and_team_and_it_is_logged(admin, seller):
    team = TeamFactory(name="North")
    people.update_person(person=seller, values={"role": Role.MANAGER, "team": team}, actor=admin)
    seller.refresh_from_db()
    assert (seller.role, seller.team) == (Role.MANAGER, team)
    entry = AuditEntry.objects.get(act=AuditAct.PERSON)
    assert (entry.actor, entry.subject) == (admin, seller)
    assert entry.details == {"role": ["sales", "manager"], "team_id": [None, team.pk]}


def test_nothing_changed_leaves_no_trace(admin, seller):
    people.update_person(person=seller, values={"name": seller.name}, actor=admin)
    assert not AuditEntry.objects.exists()


def test_the_last_administrator_cannot_be_demoted(admin, seller):
    with pytest.raises(RuleViolation) as caught:
        people.update_person(person=admin, values={"role": Role.SALES}, actor=admin)
    assert caught.value.code == "last_administrator"
    admin.refresh_from_db()
    assert admin.role == Role.ADMINISTRATOR


def test_an_administrator_who_only_was_invited_or_left_does_not_count(admin):
    AdministratorFactory(is_active=False)
    AdministratorFactory(invited_at="2026-01-01T00:00Z")
    with pytest.raises(RuleViolation, match="last administrator"):
        people.update_person(person=admin, values={"role": Role.SALES}, actor=admin)


def test_one_of_two_administrators_can_be_demoted(admin):
    other = AdministratorFactory()
    people.update_person(person=other, values={"role": Role.SALES}, actor=admin)
    other.refresh_from_db()
    assert other.role == Role.SALES


def test_an_unknown_field_is_a_programming_error(admin, seller):
    with pytest.raises(ValueError, match="is_active"):
        people.update_person(person=seller, values={"is_active": False}, actor=admin)


def test_a_new_address_drops_the_old_one_from_password_resets(admin, seller):
    EmailAddress.objects.create(user=seller, email=seller.email, primary=True, verified=True)
    people.update_person(person=seller, values={"email": "New@Example.com"}, actor=admin)
    seller.refresh_from_db()
    assert seller.email == "new@example.com"
    assert not EmailAddress.objects.filter(user=seller).exists()


def test_an_address_belongs_to_one_person(admin, seller):
    with pytest.raises(RuleViolation) as caught:
        people.update_person(person=seller, values={"email": "ADA@example.com"}, actor=admin)
    assert caught.value.field == "email"


def test_a_deactivated_person_is_signed_out_at_once(admin, seller, client_of):
    browser = client_of(seller)
    assert browser.get("/profile/").status_code == 200
    assert UserSession.objects.filter(user=seller).count() == 1
    people.deactivate_person(person=seller, actor=admin)
    response = browser.get("/profile/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert not UserSession.objects.filter(user=seller).exists()
    assert not Session.objects.exists()


def test_nobody_deactivates_themselves_or_the_last_administrator(admin, seller):
    with pytest.raises(RuleViolation, match="yourself"):
        people.deactivate_person(person=admin, actor=admin)
    with pytest.raises(RuleViolation, match="last administrator"):
        people.deactivate_person(person=admin, actor=seller)


@pytest.mark.parametrize("heir", ["analyst", "inactive", "self"])
def test_records_go_only_to_somebody_who_can_work_with_them(admin, seller, heir):
    candidate = {
        "analyst": lambda: AnalystFactory(),
        "inactive": lambda: UserFactory(is_active=False),
        "self": lambda: seller,
    }[heir]()
    with pytest.raises(RuleViolation) as caught:
        people.deactivate_person(person=seller, actor=admin, heir=candidate)
    assert caught.value.field == "heir"
    seller.refresh_from_db()
    assert seller.is_active
    assert not Job.objects.exists()


def test_reactivating_lets_them_in_again(admin, seller):
    people.deactivate_person(person=seller, actor=admin)
    people.reactivate_person(person=seller, actor=admin)
    seller.refresh_from_db()
    assert seller.is_active
    with pytest.raises(RuleViolation, match="already active"):
        people.reactivate_person(person=seller, actor=admin)


def test_deactivating_hands_over_customers_with_history(admin, seller, django_capture_on_commit_callbacks):
    customers = pytest.importorskip("tests.factories.customers")
    heir = UserFactory(name="Hana Heir")
    mine = [customers.CustomerFactory(owner=seller) for _ in range(3)]
    other = customers.CustomerFactory(owner=admin)
    assert handover.count_records(seller) == 3
    with django_capture_on_commit_callbacks(execute=True):
        job = people.deactivate_person(person=seller, actor=admin, heir=heir)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"moved": 3})
    for customer in [*mine, other]:
        customer.refresh_from_db()
    assert {customer.owner for customer in mine} == {heir}
    assert other.owner == admin
    change = ChangeSet.objects.get(kind=ChangeSet.Kind.BULK)
    assert (change.actor, change.total) == (admin, 3)
    told = Notification.objects.get(user=heir)
    assert told.message == "3 records of Sam Seller are now yours"


def test_a_second_hand_over_waits_for_the_first(admin, seller):
    heir = UserFactory()
    people.hand_over(person=seller, heir=heir, actor=admin)
    with pytest.raises(RuleViolation, match="under way"):
        people.hand_over(person=seller, heir=heir, actor=admin)


def test_create_superuser_makes_an_administrator_and_nothing_more():
    person = User.objects.create_superuser("root@example.com", "x", name="Root")
    assert person.role == Role.ADMINISTRATOR
    assert {"is_superuser", "is_staff"}.isdisjoint(f.name for f in User._meta.get_fields())


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_demote_each_other_at_once():
    if connection.vendor == "sqlite":
        pytest.skip("threads share one connection to a database in memory")
    pair = [AdministratorFactory(), AdministratorFactory()]
    barrier = threading.Barrier(2)

    def demote(victim: User, actor: User) -> None:
        barrier.wait()
        with suppress(RuleViolation):
            people.update_person(person=victim, values={"role": Role.SALES}, actor=actor)
        connections.close_all()

    threads = [
        threading.Thread(target=demote, args=pair),
        threading.Thread(target=demote, args=pair[::-1]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(role=Role.ADMINISTRATOR).count() == 1
