"""Who opens which page, and what the forms let through."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from accounts.constants import Role
from accounts.models import AuditEntry, Organisation, User, VisibilityRule
from tests.factories.accounts import NotificationFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

SETTINGS_PAGES = [
    "/settings/organisation/",
    "/settings/people/",
    "/settings/people/invite/",
    "/settings/people/{person}/",
    "/settings/teams/",
    "/settings/teams/new/",
    "/settings/teams/{team}/",
    "/settings/visibility/",
    "/settings/visibility/check/",
    "/settings/visibility/check/?person={person}",
    "/settings/security-log/",
]
SETTINGS_ACTS = [
    "/settings/people/{person}/invite-again/",
    "/settings/people/{person}/deactivate/",
    "/settings/people/{person}/reactivate/",
    "/settings/people/{person}/hand-over/",
    "/settings/people/{person}/reset-second-step/",
    "/settings/people/{person}/sign-out/",
    "/settings/teams/{team}/delete/",
]
OWN_PAGES = [
    "/profile/",
    "/profile/sessions/",
    "/profile/notifications/",
    "/notifications/",
    "/notifications/?show=unread",
    "/notifications/bell/",
]


def filled(path: str) -> str:
    person, team = UserFactory(), TeamFactory()
    return path.format(person=person.pk, team=team.pk)


@pytest.mark.parametrize("path", SETTINGS_PAGES)
@pytest.mark.parametrize("role", [*Role.values, "stranger"])
def test_settings_are_for_administrators(path, role, client_of):
    address = filled(path)
    client = Client() if role == "stranger" else client_of(UserFactory(role=role))
    expected = {"administrator": 200, "stranger": 302}.get(role, 403)
    assert client.get(address).status_code == expected
    if role != "administrator":
        # 405: the page has no form at all
        assert client.post(address, {"role": "administrator"}).status_code in (expected, 405)


@pytest.mark.parametrize("path", SETTINGS_ACTS)
@pytest.mark.parametrize("role", ["sales", "manager", "analyst", "stranger"])
def test_acts_are_for_administrators(path, role, client_of):
    address = filled(path)
    client = Client() if role == "stranger" else client_of(UserFactory(role=role))
    assert client.post(address).status_code == (302 if role == "stranger" else 403)
    assert not AuditEntry.objects.exclude(act="signed_in").exists()


@pytest.mark.parametrize("path", SETTINGS_ACTS)
def test_acts_need_post(path, client_of, admin):
    assert client_of(admin).get(filled(path)).status_code == 405


@pytest.mark.parametrize("path", OWN_PAGES)
@pytest.mark.parametrize("role", Role.values)
def test_everybody_has_their_own_pages(path, role, client_of):
    assert client_of(UserFactory(role=role)).get(path).status_code == 200


@pytest.mark.parametrize("path", OWN_PAGES)
def test_strangers_are_led_to_the_log_in(path, admin, client):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_the_profile_form_cannot_raise_anybody(client_of, seller):
    response = client_of(seller).post(
        "/profile/",
        {
            "name": "Sam",
            "theme": "dark",
            "density": "compact",
            "time_zone": "Asia/Shanghai",
            "language": "",
            "role": "administrator",
            "email": "ada@example.com",
            "is_active": "",
            "is_superuser": "on",
            "team": TeamFactory().pk,
        },
    )
    assert response.status_code == 302
    seller.refresh_from_db()
    assert (seller.name, seller.theme, seller.time_zone) == ("Sam", "dark", "Asia/Shanghai")
    assert (seller.role, seller.email, seller.team, seller.is_active) == (
        "sales",
        "sam@example.com",
        None,
        True,
    )


def test_an_unknown_time_zone_is_refused(client_of, seller):
    response = client_of(seller).post(
        "/profile/",
        {"name": "Sam", "theme": "dark", "density": "compact", "time_zone": "../../etc/passwd"},
    )
    assert response.status_code == 422


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/x", "/\\evil.example"])
def test_switches_lead_back_to_our_site_only(client_of, seller, target):
    client = client_of(seller)
    for path, values in (
        ("/profile/appearance/", {"theme": "dark"}),
        ("/profile/language/", {"language": "zh-hans"}),
    ):
        response = client.post(path, {**values, "next": target})
        assert (response.status_code, response["Location"]) == (302, "/")
    seller.refresh_from_db()
    assert (seller.theme, seller.language) == ("dark", "zh-hans")


def test_the_language_switch_works_before_signing_in(admin, client):
    response = client.post("/profile/language/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert response.cookies["language"].value == "zh-hans"
    assert 'lang="zh-hans"' in client.get("/accounts/login/").content.decode()
    client.post("/profile/language/", {"language": "tlh"})
    assert client.cookies["language"].value == "zh-hans"


def test_one_signs_out_ones_own_devices_only(client_of, seller, admin):
    here, there, other = client_of(seller), client_of(seller), client_of(admin)
    for browser in (here, there, other):
        browser.get("/profile/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/130.0"})
    page = here.get("/profile/sessions/").content.decode()
    assert page.count("Firefox on Linux") >= 2
    others = UserSession.objects.get(user=admin)
    assert here.post(f"/profile/sessions/{others.pk}/end/").status_code == 404
    theirs = UserSession.objects.get(session_key=there.session.session_key)
    assert here.post(f"/profile/sessions/{theirs.pk}/end/").status_code == 302
    assert there.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200
    assert other.get("/profile/").status_code == 200


def test_signing_out_everywhere(client_of, seller):
    here, there = client_of(seller), client_of(seller)
    for browser in (here, there):
        browser.get("/profile/")
    here.post("/profile/sessions/end-all/", {"keep": "1"})
    assert (here.get("/profile/").status_code, there.get("/profile/").status_code) == (200, 302)
    here.post("/profile/sessions/end-all/")
    assert here.get("/profile/").status_code == 302


def test_the_last_sign_of_life_is_not_written_on_each_request(
    client_of, seller, django_assert_max_num_queries
):
    client = client_of(seller)
    client.get("/notifications/bell/")
    with django_assert_max_num_queries(4):
        client.get("/notifications/bell/")


@pytest.mark.parametrize("path", ["/settings/people/", "/settings/teams/", "/settings/security-log/"])
def test_lists_cost_the_same_for_one_row_and_for_three(path, client_of, admin, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(admin)
    UserFactory(team=TeamFactory(parent=TeamFactory()))
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(3):
        UserFactory(team=TeamFactory(parent=TeamFactory()))
    with CaptureQueriesContext(connection) as many:
        client.get(path)
    assert len(many) == len(few) <= 12


def test_searching_people(client_of, admin):
    UserFactory(name="Zoe Zander", role="manager")
    UserFactory(name="Gone", is_active=False)
    client = client_of(admin)

    def shown(query: str) -> set[str]:
        return {person.name for person in client.get(f"/settings/people/{query}").context["page"]}

    assert shown("?q=zoe") == {"Zoe Zander"}
    assert shown("?role=manager") == {"Zoe Zander"}
    assert shown("?state=inactive") == {"Gone"}
    assert shown("?role=nonsense&state=nonsense&page=99") == {"Ada Admin", "Zoe Zander", "Gone"}


def test_a_person_is_changed_on_their_page(client_of, admin, seller):
    values = {"name": "Sam", "email": seller.email, "role": "manager", "team": ""}
    client = client_of(admin)
    assert client.post(f"/settings/people/{seller.pk}/", values).status_code == 302
    seller.refresh_from_db()
    assert seller.role == "manager"
    refused = client.post(
        f"/settings/people/{admin.pk}/", {"name": "Ada", "email": admin.email, "role": "sales"}
    )
    assert refused.status_code == 422
    assert "last administrator" in refused.content.decode()
    assert User.objects.get(pk=admin.pk).role == "administrator"


def test_names_with_markup_are_shown_as_text(client_of, admin):
    UserFactory(name="<script>alert(1)</script>")
    html = client_of(admin).get("/settings/people/").content.decode()
    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_settings_page_saves_and_explains(client_of, admin):
    client = client_of(admin)
    assert "Nothing is erased by itself" in client.get("/settings/organisation/").content.decode()
    values = {
        "name": "Acme",
        "vocabulary": "patient",
        "base_currency": "JPY",
        "time_zone": "Asia/Tokyo",
        "language": "en",
        "country": "JP",
        "fiscal_year_start": "4",
        "retention_months": "36",
    }
    assert client.post("/settings/organisation/", values).status_code == 302
    row = Organisation.objects.get()
    assert (row.base_currency, row.fiscal_year_start, row.retention_months) == ("JPY", 4, 36)
    assert "Patients" in client.get("/settings/organisation/").content.decode()
    for name, wrong in (
        ("base_currency", "XXX"),
        ("time_zone", "Mars/Olympus"),
        ("fiscal_year_start", "13"),
        ("country", "ZZ"),
        ("retention_months", "-1"),
    ):
        response = client.post("/settings/organisation/", {**values, name: wrong})
        assert response.status_code == 422, name
        assert name in response.context["form"].errors


def test_the_matrix_is_saved_in_one_go(client_of, admin):
    client = client_of(admin)
    form = client.get("/settings/visibility/").context["form"]
    values = {name: field.initial for name, field in form.fields.items()}
    values |= {"sales-customer-view": "all", "manager-order-edit": "own"}
    assert client.post("/settings/visibility/", values).status_code == 302
    rules = {(r.role, r.kind): (r.view, r.edit) for r in VisibilityRule.objects.all()}
    assert rules == {("sales", "customer"): ("all", "own"), ("manager", "order"): ("team", "own")}
    assert AuditEntry.objects.get(act="visibility").details == {
        "changed": {
            "sales customer": [["team", "own"], ["all", "own"]],
            "manager order": [["team", "team"], ["team", "own"]],
        }
    }


def test_nobody_edits_more_than_they_see(client_of, admin):
    client = client_of(admin)
    form = client.get("/settings/visibility/").context["form"]
    values = {name: field.initial for name, field in form.fields.items()}
    values |= {"sales-customer-view": "own", "sales-customer-edit": "all"}
    response = client.post("/settings/visibility/", values)
    assert response.status_code == 422
    assert "Nobody can edit more than they see." in response.content.decode()
    assert not VisibilityRule.objects.exists()


def test_smuggled_levels_are_ignored(client_of, admin):
    client = client_of(admin)
    form = client.get("/settings/visibility/").context["form"]
    values = {name: field.initial for name, field in form.fields.items()}
    values |= {"analyst-customer-edit": "all", "administrator-customer-view": "none"}
    client.post("/settings/visibility/", values)
    assert not VisibilityRule.objects.exists()


def test_notifications_of_others_do_not_exist(client_of, seller, admin):
    row = NotificationFactory(user=admin, url="/profile/")
    client = client_of(seller)
    assert client.get(f"/notifications/{row.pk}/open/").status_code == 404
    assert client.post(f"/notifications/{row.pk}/read/").status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


@pytest.mark.parametrize("path", ["/settings/organisation/", "/settings/people/{person}/", "/profile/"])
def test_pages_with_long_lists_stay_small(path, client_of, admin):
    html = client_of(admin).get(filled(path)).content
    assert len(html) < 60_000
    assert html.count(b"<option") > 400
