"""`manage.py import_file`: the same import without pages."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from core.models import ImportRun, Job
from customers.models import Customer
from tests.core.imports.dumps import dump
from tests.factories.accounts import AdministratorFactory, AnalystFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "customers.csv"
    path.write_text("Company,Country\nAcme,Norway\nGlobex,Chad\nAcme,Norway\n")
    return path


def call(*arguments, **options) -> dict:
    out = io.StringIO()
    call_command("import_file", *arguments, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_dry_run_import_and_undo(file):
    AdministratorFactory()
    before = dump()
    tried = call(str(file), target="customers.customer", dry_run=True)
    assert (tried["job"], tried["result"]["rows"]) == ("done", {"created": 2, "skipped": 1})
    assert dump() == before
    done = call(str(file), target="customers.customer")
    assert done["result"]["rows"] == {"created": 2, "skipped": 1}
    assert Customer.objects.count() == 2
    undone = call(undo=done["import"])
    assert undone["result"] == {"reversed": 4, "kept": 0, "failed": 0, "barred": 0}
    assert dump() == before


def test_the_records_belong_to_the_person_named(file):
    sam = UserFactory(email="sam@example.com")
    call(str(file), target="customers.customer", user="sam@example.com")
    assert set(Customer.objects.values_list("owner", flat=True)) == {sam.pk}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mapping": "nothing"}, "There is no mapping nothing. Known: "),
        ({"target": "nothing"}, "There is no target nothing. Known: customers.customer"),
        ({"user": "nobody@example.com"}, "Nobody signs in as nobody@example.com."),
        ({"user": "ann@example.com"}, "You may not add records of this kind."),
        ({"undo": 99}, "There is no import 99."),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(file, options, words):
    AdministratorFactory()
    AnalystFactory(email="ann@example.com")
    with pytest.raises(CommandError, match=words):
        call(str(file), **{"target": "customers.customer", **options})
    assert not ImportRun.objects.exists()


def test_an_import_that_was_stopped_goes_on(file, monkeypatch):
    from core.imports import runner

    AdministratorFactory()
    path = file.with_name("many.csv")
    path.write_text("Company\n" + "".join(f"Firm {i}\n" for i in range(5_000)))
    real = runner.Pass._chunk
    calls = []

    def breaks(self, rows, counts, mark):
        calls.append(mark)
        if len(calls) == 2:
            raise OSError("the disk is gone")
        return real(self, rows, counts, mark)

    monkeypatch.setattr(runner.Pass, "_chunk", breaks)
    with pytest.raises(CommandError, match="OSError"):
        call(str(path), target="customers.customer")
    run = ImportRun.objects.get()
    assert (run.state, Customer.objects.count()) == ("failed", 2_000)
    monkeypatch.setattr(runner.Pass, "_chunk", real)
    done = call(resume=run.pk)
    assert done["result"]["rows"] == {"created": 5_000}
    assert Customer.objects.count() == 5_000
    assert Job.objects.filter(kind="core.import_run").count() == 2


def test_a_file_that_breaks_off_changes_nothing(file):
    AdministratorFactory()
    path = file.with_name("broken.csv")
    path.write_text("Company,City\n" + "Acme,Oslo\n" * 3_000 + '"' + "x" * 200_000 + '",Rome\n')
    with pytest.raises(CommandError, match="characters"):
        call(str(path), target="customers.customer")
    assert not Customer.objects.exists()
