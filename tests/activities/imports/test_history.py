"""Activities from files."""

from __future__ import annotations

import pytest

from activities.models import Activity
from core.imports import services
from core.models import ImportRow
from tests.core.imports.dumps import dump
from tests.core.imports.helpers import run_import, set_mapping, upload
from tests.factories.accounts import UserFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db

CSV = (
    "Date,Type,Subject,Notes,Customer number,Result,Minutes\n"
    "2026-03-04 09:30,Call,Renewal,Wants a discount,1,reached,12\n"
    "2026-03-05,,,First line\\nsecond,1,,\n"
    "2026-03-06,Fax,x,y,1,,\n"
    "2026-03-07,Call,x,y,2,,\n"
)


def test_a_history_comes_in_once_and_goes_out_again(django_capture_on_commit_callbacks):
    sam = UserFactory()
    mine = CustomerFactory(external_id="1", owner=sam)
    CustomerFactory(external_id="2", owner=UserFactory())
    before = dump()
    run = upload(CSV, actor=sam, target="activities.activity")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 2, "error": 2}
    rows = Activity.objects.order_by("at").values_list(
        "kind", "subject", "outcome", "duration_minutes", "customer"
    )
    assert list(rows) == [
        ("call", "Renewal", "reached", 12, mine.pk),
        ("note", "First line\\nsecond", "", None, mine.pk),
    ]
    mine.refresh_from_db()
    assert mine.last_contacted_at.isoformat() == "2026-03-04T09:30:00+00:00"
    reasons = list(ImportRow.objects.filter(run=run, trial=False).values_list("number", "reason"))
    assert reasons[0] == (4, "Type: “Fax” is not one of the choices.")
    assert reasons[1][1].startswith("Customer number: There is no such customer.")

    again = set_mapping(upload(CSV, actor=sam, target="activities.activity"), duplicates="skip")
    assert run_import(again, django_capture_on_commit_callbacks)["rows"] == {"skipped": 2, "error": 2}
    with django_capture_on_commit_callbacks(execute=True):
        services.start_undo(run, actor=run.created_by)
    assert dump() == before
