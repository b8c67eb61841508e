"""Parent companies, referrers, owners and teams that a row names."""

from __future__ import annotations

import pytest

from accounts.constants import Role
from core.models import ImportRow
from customers.models import Customer
from tests.core.imports.helpers import run_import, run_trial, set_mapping, upload
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import CustomerFactory, PersonCustomerFactory

pytestmark = pytest.mark.django_db

FILE = (
    "Customer number,Name,Kind,Given name,Family name,Parent company,Referred by\n"
    "A1,Acme,company,,,Later Ltd,\n"
    "A2,Globex,company,,,P9,Ada Lovelace\n"
    "A3,Initech,company,,,Nowhere Inc,Nobody\n"
    "A4,,person,Ada,Lovelace,,A1\n"
    "A5,Hooli,company,,,Ada Lovelace,There already\n"
    "A6,Later Ltd,company,,,Hidden AG,Hidden AG\n"
)


def links() -> dict[str, tuple[str | None, str | None]]:
    rows = Customer.objects.filter(external_id__startswith="A").order_by("external_id")
    return {
        number: (parent, referrer)
        for number, parent, referrer in rows.values_list("external_id", "parent__name", "referred_by__name")
    }


@pytest.fixture
def actor():
    return UserFactory(role=Role.SALES, team=TeamFactory())


def test_links_are_found_wherever_they_stand_and_the_trial_says_the_same(
    actor, django_capture_on_commit_callbacks
):
    CustomerFactory(name="There already", owner=actor)
    CustomerFactory(name="Parent by number", external_id="P9", owner=actor)
    CustomerFactory(name="Hidden AG", owner=UserFactory(team=TeamFactory()))
    run = set_mapping(upload(FILE, actor=actor), duplicates="update")
    trial = run_trial(run, django_capture_on_commit_callbacks)
    assert not Customer.objects.filter(external_id__startswith="A").exists()
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert links() == {
        "A1": ("Later Ltd", None),
        "A2": ("Parent by number", "Ada Lovelace"),
        "A3": (None, None),
        "A4": (None, "Acme"),
        "A5": (None, "There already"),  # a person is no parent company
        "A6": (None, None),  # what cannot be seen is not there
    }
    assert trial["rows"] == counts["rows"] == {"created": 6}
    assert sorted(trial["reasons"]) == sorted(counts["reasons"])
    told = ImportRow.objects.filter(run=run, outcome="warning")
    for is_trial in (True, False):
        found = told.filter(trial=is_trial).order_by("number", "pk").values_list("number", "reason")
        assert [(number, reason.split("“")[1].split("”")[0]) for number, reason in found] == [
            (4, "Nowhere Inc"), (4, "Nobody"), (6, "Ada Lovelace"), (7, "Hidden AG"), (7, "Hidden AG"),
        ]  # fmt: skip
    assert not ImportRow.objects.filter(run=run, outcome="pending").exists()


def test_a_referrer_is_set_on_a_customer_that_is_there(actor, django_capture_on_commit_callbacks):
    there = CustomerFactory(name="Acme", external_id="A1", owner=actor)
    ada = PersonCustomerFactory(external_id="X1", owner=actor)
    run = set_mapping(
        upload(f"Customer number,Name,Referred by\nA1,Acme,{ada.name}\n", actor=actor), duplicates="update"
    )
    run_import(run, django_capture_on_commit_callbacks)
    there.refresh_from_db()
    assert (there.referred_by, there.version) == (ada, 2)


def test_a_team_that_is_not_there_keeps_the_row_out(actor, django_capture_on_commit_callbacks):
    north = TeamFactory(name="North")
    run = upload("Name,Team\nAcme,north\nGlobex,Sorth\nInitech,\n", actor=actor)
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 2, "error": 1}
    assert [reason[1] for reason in counts["reasons"]] == ["no_team"]
    found = Customer.objects.order_by("name").values_list("name", "team", "owner")
    assert list(found) == [("Acme", north.pk, actor.pk), ("Initech", actor.team_id, actor.pk)]


def test_an_empty_owner_leaves_the_owner_that_is_there(django_capture_on_commit_callbacks):
    colleague = UserFactory(team=TeamFactory())
    CustomerFactory(name="Acme", external_id="A1", owner=colleague, team=colleague.team)
    run = upload("Customer number,Name,Owner,City\nA1,Acme,,Bern\n", actor=AdministratorFactory())
    run_import(set_mapping(run, duplicates="update", fill="overwrite"), django_capture_on_commit_callbacks)
    acme = Customer.objects.get()
    assert (acme.owner, acme.team, acme.city) == (colleague, colleague.team, "Bern")
