"""The stock admin: for administrators, without a way to more rights."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Notification, Team, User
from core.models import ChangeSet, CustomField, Job
from tests.factories.accounts import (
    AuditEntryFactory,
    NotificationFactory,
    OrganisationFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

OURS = [
    model
    for model in django_admin.site._registry
    if model._meta.app_label in ("core", "accounts") or model is LogEntry
]
SECRET = ["mfa.authenticator", "account.emailaddress", "auth.group", "usersessions.usersession"]


def listing(model: type) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("label", SECRET)
def test_secrets_and_second_ways_in_are_not_there(label):
    assert not django_admin.site.is_registered(apps.get_model(label))


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_lists_open_and_search(model, client_of, admin):
    client = client_of(admin)
    assert client.get(listing(model)).status_code == 200
    assert client.get(listing(model), {"q": "x'\"%"}).status_code == 200


@pytest.mark.parametrize("role", ["sales", "manager", "analyst"])
def test_others_are_kept_out(role, client_of):
    client = client_of(UserFactory(role=role))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403
    assert client.get(listing(User)).status_code == 302


def test_the_admin_has_no_log_in_of_its_own(admin, client):
    response = client.get("/admin/login/?next=/admin/accounts/user/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    response = client.post("/admin/login/", {"username": admin.email, "password": "x"})
    assert response.status_code == 302
    assert "_auth_user_id" not in client.session


def test_passwords_are_changed_in_one_place(client_of, admin):
    response = client_of(admin).get("/admin/password_change/")
    assert response["Location"] == "/accounts/password/change/"
    assert client_of(admin).get(f"/admin/accounts/user/{admin.pk}/password/").status_code != 200


def change_form(client: Client, path: str) -> dict[str, str]:
    form = client.get(path).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    return values | {
        "notification_preferences-TOTAL_FORMS": "0",
        "notification_preferences-INITIAL_FORMS": "0",
    }


def test_a_person_is_edited_but_not_raised(client_of, admin, seller):
    client = client_of(admin)
    path = f"/admin/accounts/user/{seller.pk}/change/"
    values = change_form(client, path) | {
        "name": "Samuel",
        "role": "administrator",
        "is_active": "",
        "is_superuser": "on",
        "is_staff": "on",
        "password": "x",
        "email": "eve@example.com",
    }
    password = seller.password
    assert client.post(path, values).status_code == 302
    seller.refresh_from_db()
    assert seller.name == "Samuel"
    assert (seller.role, seller.is_active, seller.email) == ("sales", True, "sam@example.com")
    assert seller.password == password
    assert LogEntry.objects.get().user == admin
    assert AuditEntry.objects.get(act="person").actor == admin


def test_people_are_neither_added_nor_deleted_here(client_of, admin, seller):
    client = client_of(admin)
    assert client.get("/admin/accounts/user/add/").status_code == 403
    assert client.post(f"/admin/accounts/user/{seller.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(listing(User), {"action": "delete_selected", "_selected_action": [seller.pk], "post": "yes"})
    assert User.objects.filter(pk=seller.pk).exists()


def test_teams_keep_their_rules(client_of, admin):
    top = TeamFactory(name="Top")
    low = TeamFactory(name="Low", parent=top)
    client = client_of(admin)
    members = {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0"}
    path = f"/admin/accounts/team/{top.pk}/change/"
    response = client.post(path, {"name": "Top", "parent": low.pk, **members})
    assert response.status_code == 200
    assert "below it" in response.content.decode()
    assert client.post(path, {"name": "Summit", "parent": "", **members}).status_code == 302
    assert (
        client.post("/admin/accounts/team/add/", {"name": "New", "parent": low.pk, **members}).status_code
        == 302
    )
    assert set(Team.objects.values_list("name", flat=True)) == {"Summit", "Low", "New"}
    assert LogEntry.objects.count() == 2


def test_the_organisation_is_edited_with_its_rules(client_of, admin):
    OrganisationFactory()
    client = client_of(admin)
    path = "/admin/accounts/organisation/1/change/"
    values = change_form(client, path)
    assert client.post(path, values | {"time_zone": "Mars/Olympus"}).status_code == 200
    assert client.post(path, values | {"base_currency": "CHF"}).status_code == 302
    assert AuditEntry.objects.get(act="organisation").details == {
        "changed": {"base_currency": ["EUR", "CHF"]}
    }
    assert client.get("/admin/accounts/organisation/add/").status_code == 403


@pytest.mark.parametrize("make", [AuditEntryFactory, NotificationFactory])
def test_logs_are_for_reading(make, client_of, admin):
    row = make()
    name = f"{row._meta.app_label}/{row._meta.model_name}"
    client = client_of(admin)
    assert client.get(f"/admin/{name}/{row.pk}/change/").status_code == 200
    for path in (f"/admin/{name}/{row.pk}/change/", f"/admin/{name}/{row.pk}/delete/", f"/admin/{name}/add/"):
        assert client.post(path, {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_change_set_shows_its_first_changes_only(client_of, admin):
    from core.models import Change

    row = ChangeSet.objects.create(kind="bulk", actor=admin)
    Change.objects.bulk_create(
        Change(change_set=row, model="core.job", object_id=n, before={}, after={}, version=1)
        for n in range(130)
    )
    html = client_of(admin).get(f"/admin/core/changeset/{row.pk}/change/").content.decode()
    assert html.count("has_original") == 100


@pytest.mark.parametrize("model", [User, Team, AuditEntry, Notification, Job])
def test_no_query_for_each_row(model, client_of, admin):
    def add() -> None:
        person = UserFactory(team=TeamFactory(parent=TeamFactory()))
        AuditEntryFactory(subject=person, actor=person)
        NotificationFactory(user=person)
        Job.objects.create(kind="x", requested_by=person)

    client = client_of(admin)
    add()
    client.get(listing(model))
    with CaptureQueriesContext(connection) as few:
        client.get(listing(model))
    add()
    add()
    with CaptureQueriesContext(connection) as many:
        client.get(listing(model))
    assert len(many) == len(few)


def test_key_and_kind_of_a_custom_field_are_fixed(client_of, admin):
    field = CustomField.objects.create(model="customers.customer", key="size", label="Size", kind="text")
    client = client_of(admin)
    path = f"/admin/core/customfield/{field.pk}/change/"
    values = change_form(client, path) | {"label": "Shoe size", "key": "evil", "kind": "money"}
    values["choices"] = "[]"
    assert client.post(path, values).status_code == 302
    field.refresh_from_db()
    assert (field.label, field.key, field.kind) == ("Shoe size", "size", "text")
    assert client.post(f"/admin/core/customfield/{field.pk}/delete/").status_code == 403
