"""Levels, the report on what somebody sees, the navigation and the words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.constants import EXPORT, IMPORT, Kind
from accounts.models import Organisation, VisibilityRule
from accounts.navigation import navigation
from accounts.organisation import forget_organisation, get_organisation
from accounts.selectors import access_report
from accounts.visibility import access, registered_models
from accounts.vocabulary import vocabulary
from accounts.zones import validate_zone, zone_names
from tests.factories.accounts import (
    AnalystFactory,
    TeamFactory,
    UserFactory,
    VisibilityRuleFactory,
)
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def test_editing_never_reaches_further_than_seeing(seller):
    VisibilityRuleFactory(role="sales", kind="customer", view="own", edit="all")
    assert access(seller).level("customer", edit=True) == "own"


def test_a_deactivated_person_has_no_rights():
    gone = UserFactory(role="administrator", is_active=False)
    assert access(gone).level("customer") == "none"
    assert not access(gone).may(EXPORT)
    assert not gone.is_staff
    assert not gone.has_perm("accounts.change_user")


@pytest.mark.parametrize(
    ("role", "imports", "exports", "administers"),
    [
        ("sales", True, True, False),
        ("manager", True, True, False),
        ("analyst", False, True, False),
        ("administrator", True, True, True),
    ],
)
def test_acts_follow_the_role(role, imports, exports, administers):
    person = UserFactory(role=role)
    assert person.has_perm(IMPORT) is imports
    assert person.has_perm(EXPORT) is exports
    assert person.has_perm("accounts.change_user") is administers
    assert person.has_perm("admin.view_logentry") is administers
    assert person.has_perm("customers.nonsense_thing") is False


@pytest.mark.parametrize(
    ("role", "view", "edit"), [("administrator", "own", "own"), ("analyst", "all", "own")]
)
def test_the_database_refuses_senseless_rules(role, view, edit):
    with pytest.raises(IntegrityError), transaction.atomic():
        VisibilityRule.objects.create(role=role, kind=Kind.CUSTOMER, view=view, edit=edit)


def test_every_kind_has_a_model():
    assert {kind for kind, _model in registered_models()} == set(Kind.values)


def test_the_report_counts_what_somebody_sees(client_of, admin):
    team = TeamFactory(name="North")
    person = UserFactory(team=team)
    CustomerFactory(owner=person)
    CustomerFactory(owner=admin, team=TeamFactory(parent=team))
    CustomerFactory(owner=admin)
    row = next(row for row in access_report.report(person) if row.label == "customers")
    assert (row.view, row.edit) == ("Team", "Own")
    assert (row.visible, row.editable, row.total) == (2, 1, 3)
    html = client_of(admin).get(f"/settings/visibility/check/?person={person.pk}").content.decode()
    assert "North" in html


@pytest.mark.parametrize("case", ["owner", "team", "stranger", "shared", "trash", "all", "inactive"])
def test_the_report_says_why(case, admin):
    team = TeamFactory(name="North")
    person = UserFactory(team=team)
    customer = CustomerFactory(owner=admin)
    expected = {
        "owner": (True, True, ["This person owns it."]),
        "team": (
            True,
            False,
            ["It belongs to the team North, which this role sees."]
            + ["It is read-only for this role: the level of editing is Own."],
        ),
        "stranger": (
            False,
            False,
            ["Nothing ties this person to the record: not owner, team or sharing."],
        ),
        "shared": (True, True, ["It is shared with this person."]),
        "trash": (False, False, ["It is in the trash.", "This person owns it."]),
        "all": (
            True,
            False,
            ["This role sees all records of this kind."]
            + ["It is read-only for this role: the level of editing is None."],
        ),
        "inactive": (False, False, ["This person is deactivated and sees nothing."]),
    }[case]
    if case in ("owner", "trash"):
        customer.owner = person
        customer.deleted_at = "2026-01-01T00:00Z" if case == "trash" else None
    elif case == "team":
        customer.team = team
    elif case == "shared":
        customer.collaborators.add(person)
    elif case == "all":
        person = AnalystFactory()
    elif case == "inactive":
        person = UserFactory(is_active=False)
    customer.save()
    customer.refresh_from_db()
    verdict = access_report.explain(person, Kind.CUSTOMER, customer)
    assert (verdict.visible, verdict.editable, verdict.reasons) == expected


def test_a_record_is_found_by_kind_and_number_or_by_its_page(client_of, admin, seller):
    customer = CustomerFactory(name="Acme Ltd")
    for text in (f"customer {customer.pk}", f"Customer #{customer.pk}"):
        assert access_report.find_record(text) == (Kind.CUSTOMER, customer)
    for text in ("", "customer", "customer 999999", "user 1", "https://x.example/nonsense/", "customer ²"):
        assert access_report.find_record(text) is None
    path = f"/settings/visibility/check/?person={seller.pk}&record=customer+{customer.pk}"
    html = client_of(admin).get(path).content.decode()
    assert "Acme Ltd" in html
    assert "Not visible" in html
    assert client_of(admin).get("/settings/visibility/check/?person=x&record=y").status_code == 200


def test_the_navigation_shows_what_one_may_open(admin, seller):
    settings = "/settings/organisation/"
    assert settings in [item.url for item in navigation(admin, "/")]
    assert settings not in [item.url for item in navigation(seller, "/")]
    VisibilityRuleFactory(role="sales", kind="customer", view="none", edit="none")
    fresh = type(seller).objects.get(pk=seller.pk)
    assert "/customers/" not in [item.url for item in navigation(fresh, "/")]


def test_the_page_one_is_on_is_marked(admin):
    items = {item.url: item for item in navigation(admin, "/settings/people/7/")}
    group = items["/settings/organisation/"]
    assert group.active
    assert [child.url for child in group.children if child.active] == ["/settings/people/"]
    assert [item.url for item in items.values() if item.active] == ["/settings/organisation/"]


@pytest.mark.parametrize(
    ("word", "plural", "new"),
    [
        ("customer", "Customers", "New customer"),
        ("patient", "Patients", "New patient"),
        ("student", "Students", "New student"),
    ],
)
def test_the_organisation_chooses_its_words(admin, client_of, word, plural, new):
    row = get_organisation()
    row.vocabulary = word
    row.save()
    forget_organisation()
    assert (str(vocabulary().customers), str(vocabulary().new_customer)) == (plural, new)
    assert plural in [str(item.label) for item in navigation(admin, "/")]
    assert plural in client_of(admin).get("/settings/visibility/").content.decode()


def test_words_follow_the_language():
    words = vocabulary()
    with translation.override("zh-hans"):
        assert str(words.customer) == translation.gettext("Customer")


def test_a_wrong_time_zone_never_reaches_the_database():
    for name in ("Mars/Olympus", "../etc/passwd", "europe/berlin"):
        with pytest.raises(ValidationError):
            validate_zone(name)
    validate_zone("")
    assert "Europe/Berlin" in zone_names()
    assert zone_names()[0] == "UTC"


def test_the_organisation_is_one_row():
    Organisation.objects.get_or_create(pk=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(pk=2)
