"""Customers from files: duplicates, lookups, who may change what."""

from __future__ import annotations

import pytest

from core.exceptions import RuleViolation
from core.imports import services
from core.models import ImportRow
from customers.models import Contact, ContactMethod, Customer, StageChange, Tag
from tests.core.imports.helpers import run_import, run_trial, set_mapping, upload
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory
from tests.factories.customers import ContactMethodFactory, CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return AdministratorFactory()


def rows_of(run, trial=False):
    return list(ImportRow.objects.filter(run=run, trial=trial).values_list("number", "outcome", "reason"))


def test_a_company_with_its_contact_in_one_row(actor, django_capture_on_commit_callbacks):
    content = (
        "Company,First Name,Last Name,Job Title,Email,Mobile,Website,Employees,Tags\n"
        "Acme,Ada,Lovelace,CTO,Ada@Acme.example,+47 22 22 22 22,www.acme.example,120,a;b\n"
        "Acme,Grace,Hopper,,grace@acme.example,,,,c\n"
    )
    run = set_mapping(upload(content, actor=actor, target="customers.customer"), duplicates="update")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"created": 1, "updated": 1}
    acme = Customer.objects.get()
    assert (acme.kind, acme.domain, acme.size_band) == ("company", "acme.example", "50-249")
    assert sorted(acme.tags.values_list("name", flat=True)) == ["a", "b", "c"]
    assert list(acme.methods.values_list("kind", "value")) == [("website", "https://www.acme.example")]
    people = list(acme.memberships.order_by("pk").values_list("contact__name", "primary"))
    assert people == [("Ada Lovelace", True), ("Grace Hopper", False)]
    ada = Contact.objects.get(given_name="Ada")
    methods = list(ada.methods.order_by("kind").values_list("kind", "value", "key", "label", "primary"))
    assert methods == [
        ("email", "Ada@acme.example", "ada@acme.example", "", True),
        ("phone", "+47 22 22 22 22", "4722222222", "Mobile", True),
    ]
    assert "lovelace" in ada.search_text
    assert "4722222222" in ada.search_text
    assert StageChange.objects.get().to_stage == acme.stage


def test_bulk_rows_are_found_like_those_saved_singly(actor, django_capture_on_commit_callbacks):
    from customers.services.derived import refresh_contacts, refresh_customers

    content = (
        "Name,First Name,Last Name,City,Email,Phone,Customer number\n"
        "Åcmé 北京,Ada,Ström,Köln,a@b.example,+4712345678,X1\n"
    )
    run_import(upload(content, actor=actor, target="customers.customer"), django_capture_on_commit_callbacks)
    for model, refresh in ((Customer, refresh_customers), (Contact, refresh_contacts)):
        before = model.objects.values("sort_name", "search_text").get()
        refresh({model.objects.get().pk})
        assert model.objects.values("sort_name", "search_text").get() == before


@pytest.mark.parametrize(
    ("existing", "row", "found"),
    [
        ({"external_id": "7"}, "7,Other,,,", True),
        ({"email": "a@x.example"}, ",Other,A@X.example,,", True),
        ({"domain": "x.example"}, ",Other,,https://www.x.example/,", True),
        ({"name": "Ácme  Ltd"}, ",ACME ltd,,,", True),
        ({"name": "Acme", "country": "Norway"}, ",Acme,,,norway", True),
        ({"name": "Acme", "country": "Norway"}, ",Acme,,,Chad", False),
        ({"name": "Acme", "external_id": "1"}, "2,Acme,,,", False),
        ({"name": "Acme", "deleted": True}, ",Acme,,,", False),
    ],
)
def test_finding_what_is_there(actor, existing, row, found, django_capture_on_commit_callbacks):
    from django.utils import timezone

    email = existing.pop("email", "")
    deleted = existing.pop("deleted", False)
    customer = CustomerFactory(**existing)
    if email:
        ContactMethodFactory(customer=customer, value=email)
    if deleted:
        Customer.objects.filter(pk=customer.pk).update(deleted_at=timezone.now())
    content = f"Customer number,Company,Email,Website,Country\n{row}\n"
    run = upload(content, actor=actor, target="customers.customer")
    trial = run_trial(run, django_capture_on_commit_callbacks)
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert trial["rows"] == counts["rows"] == ({"skipped": 1} if found else {"created": 1})


def test_twins_inside_the_file_are_one(actor, django_capture_on_commit_callbacks):
    content = "Company,Email,Country\n" + "".join(
        f"Firm {i % 3000},info{i % 3000}@firm.example,Norway\n" for i in range(6000)
    )
    run = upload(content, actor=actor, target="customers.customer")
    trial = run_trial(run, django_capture_on_commit_callbacks)
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert trial["rows"] == counts["rows"] == {"created": 3000, "skipped": 3000}
    assert Customer.objects.count() == 3000
    assert (
        trial["reasons"]
        == counts["reasons"]
        == [["skipped", "twice", "", "An earlier row of the file is about the same one.", 3000]]
    )


def test_fill_keeps_what_is_there_and_overwrite_replaces_it(actor, django_capture_on_commit_callbacks):
    content = "Customer number,Company,City,Country\n1,New name,Oslo,Norway\n"
    for fill, expected in (
        ("empty", ("Old", "Bergen", "Norway")),
        ("overwrite", ("New name", "Oslo", "Norway")),
    ):
        Customer._base_manager.all().delete()
        CustomerFactory(name="Old", external_id="1", city="Bergen")
        run = set_mapping(upload(content, actor=actor), duplicates="update", fill=fill)
        assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"updated": 1}
        assert Customer.objects.values_list("name", "city", "country").get() == expected
    again = set_mapping(upload(content, actor=actor), duplicates="update", fill="overwrite")
    assert run_import(again, django_capture_on_commit_callbacks)["rows"] == {"unchanged": 1}


def test_create_anyway_but_a_number_is_unique(actor, django_capture_on_commit_callbacks):
    CustomerFactory(name="Acme", external_id="1")
    content = "Customer number,Company\n,Acme\n1,Acme\n"
    run = set_mapping(upload(content, actor=actor), duplicates="create")
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"created": 1, "error": 1}
    assert rows_of(run) == [
        (3, "error", "Customer number: This number belongs to another record. Numbers are unique.")
    ]


def test_records_of_others_are_left_alone_and_not_told_of(django_capture_on_commit_callbacks):
    sam, other = UserFactory(), UserFactory()
    CustomerFactory(name="Secret GmbH", external_id="S1", city="Hidden", owner=other)
    seen = CustomerFactory(name="Shared", external_id="S2", owner=other)
    team = TeamFactory()
    type(sam).objects.filter(pk=sam.pk).update(team=team)
    sam.refresh_from_db()
    Customer.objects.filter(pk=seen.pk).update(team=team)
    content = "Customer number,Company,City\nS1,x,Oslo\nS2,y,Oslo\n"
    run = set_mapping(upload(content, actor=sam), duplicates="update", fill="overwrite")
    run_trial(run, django_capture_on_commit_callbacks)
    for trial in (True, False):
        if not trial:
            run_import(run, django_capture_on_commit_callbacks)
        assert rows_of(run, trial) == [
            (2, "skipped", "A record that you may not see has the same number, e-mail or name."),
            (3, "skipped", "This is “Shared”, which is there already and which you may not change."),
        ]
    assert "Secret" not in str(list(ImportRow.objects.values()))
    assert "Hidden" not in str(list(ImportRow.objects.values()))
    assert set(Customer.objects.values_list("city", flat=True)) == {"Hidden", ""}


def test_errors_name_the_column_and_the_value(actor, django_capture_on_commit_callbacks):
    content = (
        "Company,Email,Founded,Employees,Annual revenue,Stage,Owner\n"
        "Acme,not-an-address,1999,12,5,,\n"
        "Globex,,20x6,many,-5,Nowhere,nobody@example.com\n"
        "Fine,,1999,12,5 EUR,Qualified," + actor.email + "\n"
    )
    run = upload(content, actor=actor, target="customers.customer")
    counts = run_import(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"error": 2, "created": 1}
    rows = rows_of(run)
    assert rows[0] == (2, "error", "Email: “not-an-address” is not an e-mail address.")
    assert rows[1][2].startswith("Founded: “20x6” is not a")
    fine = Customer.objects.get()
    assert (fine.name, fine.currency, str(fine.annual_revenue), fine.stage.kind) == (
        "Fine",
        "EUR",
        "5.00",
        "qualified",
    )


def test_persons_and_companies(actor, django_capture_on_commit_callbacks):
    content = (
        "Kind,Name,Given name,Family name,E-mail\n"
        "Person,Ada Lovelace,Ada,Lovelace,a@b.example\nCompany,Acme,,,\n,,小明,王,\n"
    )
    run = upload(content, actor=actor, target="customers.customer")
    assert run_import(run, django_capture_on_commit_callbacks)["rows"] == {"created": 3}
    rows = list(Customer.objects.order_by("pk").values_list("kind", "name", "given_name"))
    assert rows == [("person", "Ada Lovelace", "Ada"), ("company", "Acme", ""), ("person", "王小明", "小明")]
    assert ContactMethod.objects.get().customer.name == "Ada Lovelace"
    assert not Contact.objects.exists()


def test_a_trial_writes_nothing(actor, django_capture_on_commit_callbacks):
    from tests.core.imports.dumps import dump

    CustomerFactory(name="Acme")
    before = dump()
    content = "Company,Tags,Source,Stage\nAcme,new,Fair,Qualified\nGlobex,other,Web,Lead\n"
    run = set_mapping(upload(content, actor=actor), duplicates="update", fill="overwrite")
    counts = run_trial(run, django_capture_on_commit_callbacks)
    assert counts["rows"] == {"updated": 1, "created": 1}
    assert dump() == before
    assert not Tag.objects.exists()


def test_a_saved_mapping_serves_the_next_file(actor):
    run = upload("Firma;Ort\nAcme;Oslo\n", actor=actor, target="customers.customer")
    run = services.save_mapping(run, mapping={**run.mapping, "columns": {"Firma": "name", "Ort": "city"}})
    services.keep_mapping(run, name="ERP", actor=actor)
    again = upload("Firma;Ort\nGlobex;Rom\n", actor=actor, target="customers.customer")
    assert again.mapping["columns"] == {"Firma": "name", "Ort": "city"}
    assert again.mapping["saved"] == "ERP"


def test_a_colleagues_mapping_is_not_replaced(actor):
    run = upload("Firma;Ort\nAcme;Oslo\n", actor=actor, target="customers.customer")
    kept = services.keep_mapping(run, name="ERP", actor=actor)
    colleague = UserFactory(role="sales")
    theirs = upload("Company,Town\nAcme,Oslo\n", actor=colleague, target="customers.customer")
    with pytest.raises(RuleViolation):
        services.keep_mapping(theirs, name="ERP", actor=colleague)
    kept.refresh_from_db()
    assert (kept.headers, kept.created_by) == (["Firma", "Ort"], actor)
    assert services.keep_mapping(run, name="ERP", actor=actor).pk == kept.pk
