"""Undo of an import: byte-equal tables, kept edits, and going on after a stop."""

from __future__ import annotations

import pytest

from accounts.constants import Role
from core.changes import change_set
from core.imports import services
from core.models import ChangeSet, ImportRun
from customers.models import Contact, Customer
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, set_mapping, upload
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactMethodFactory, CustomerFactory, TagFactory

pytestmark = pytest.mark.django_db

CSV = (
    "Customer number,Company,Country,First Name,Last Name,Email,Phone,Industry,Tags,Stage,Source,"
    "Parent company\n"
    "A1,Acme,Norway,Ada,Lovelace,ada@acme.example,+47 22 22 22 22,technology,vip;north,Qualified,Fair,"
    "Initech\n"
    "A2,Globex,Chad,,,info@globex.example,,retail,new,Lead,Web,\n"
    "A3,Initech,Peru,Bill,Lumbergh,bill@initech.example,,software,,Lead,,\n"
    "A2,Globex,Chad,Hank,Scorpio,hank@globex.example,,energy,boss,Customer,,\n"
)


@pytest.fixture
def actor():
    return AdministratorFactory()


@pytest.fixture
def acme():
    """A customer the file brings more about."""
    acme = CustomerFactory(name="Acme", external_id="A1", country="", tags=[TagFactory(name="old")])
    ContactMethodFactory(customer=acme)
    return acme


def undo(run: ImportRun, capture, *, actor=None) -> dict[str, int]:
    with capture(execute=True):
        services.start_undo(run, actor=actor or run.created_by)
    run.refresh_from_db()
    return run.counts["undo"]


@pytest.mark.parametrize("fill", ["empty", "overwrite"])
def test_undo_gives_back_every_byte(actor, acme, fill, django_capture_on_commit_callbacks):
    run = set_mapping(upload(CSV, actor=actor), duplicates="update", fill=fill)
    before = dump()
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 2, "updated": 2}
    acme.refresh_from_db()
    assert (acme.country, acme.industry, acme.parent.name) == ("Norway", "technology", "Initech")
    assert sorted(acme.tags.values_list("name", flat=True)) == ["north", "old", "vip"]
    assert acme.stage.kind == ("qualified" if fill == "overwrite" else "lead")
    assert dump() != before

    undo(run, django_capture_on_commit_callbacks)
    after = dump()
    # Sources and tags are lists of their own: a new word in them is not taken out again.
    for table in ("customers_tag", "customers_source"):
        before.pop(table)
        after.pop(table)
    assert after == before
    assert run.state == ImportRun.State.UNDONE


def test_undo_keeps_what_was_edited_or_used_since(actor, django_capture_on_commit_callbacks):
    run = set_mapping(upload(CSV, actor=actor), duplicates="update")
    run_import(run, django_capture_on_commit_callbacks)
    edited = Customer.objects.get(external_id="A2")
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(edited, {"city": "Cypress Creek"})
    result = undo(run, django_capture_on_commit_callbacks)
    assert list(Customer.objects.values_list("external_id", "city")) == [("A2", "Cypress Creek")]
    assert not Contact.objects.exists()
    assert result["kept"] == 1
    assert result["failed"] == 0


def test_undo_keeps_what_its_actor_may_no_longer_edit(django_capture_on_commit_callbacks):
    """The one who presses Undo acts, not the one who imported; rights lost since count."""
    manager = UserFactory(role=Role.MANAGER, team=TeamFactory())
    colleague = UserFactory(team=manager.team)
    file = f"Customer number,Company,Owner\nA1,Acme,{colleague.email}\nA2,Globex,{manager.email}\n"
    run = upload(file, actor=manager)
    run_import(run, django_capture_on_commit_callbacks)
    manager.team = TeamFactory()
    manager.save()
    result = undo(run, django_capture_on_commit_callbacks)
    assert result == {"reversed": 2, "kept": 2, "failed": 0, "barred": 2}  # each with a row of its funnel
    assert [row.name for row in Customer.objects.all()] == ["Acme"]
    assert ChangeSet.objects.get(undo_of=run.change_set).actor == manager


def test_undo_by_an_administrator_is_their_act(actor, django_capture_on_commit_callbacks):
    manager = UserFactory(role=Role.MANAGER, team=TeamFactory())
    run = upload("Company\nAcme\n", actor=manager)
    run_import(run, django_capture_on_commit_callbacks)
    result = undo(run, django_capture_on_commit_callbacks, actor=actor)
    assert result["barred"] == 0
    assert not Customer.objects.exists()
    assert ChangeSet.objects.get(undo_of=run.change_set).actor == actor


def test_undo_twice_is_refused(actor, django_capture_on_commit_callbacks):
    run = upload(CSV, actor=actor)
    run_import(run, django_capture_on_commit_callbacks)
    undo(run, django_capture_on_commit_callbacks)
    with pytest.raises(services.RuleViolation):
        services.start_undo(run, actor=run.created_by)
