"""The first start of an empty installation."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import Organisation, User
from accounts.services.settings import set_up
from core.exceptions import RuleViolation
from tests.factories.accounts import UserFactory

ANSWERS = {
    "organisation": "Acme",
    "language": "en",
    "time_zone": "Europe/Berlin",
    "currency": "EUR",
    "name": "Ada",
    "email": "Ada@Example.com",
    "password": "a very long sentence",
    "repeat": "a very long sentence",
}
VALUES = {name: value for name, value in ANSWERS.items() if name != "repeat"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/admin/", "/customers/", "/nonsense/"])
def test_every_page_leads_to_the_welcome(client, path):
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/welcome/")


@pytest.mark.django_db
def test_health_pages_answer_before_anybody_has_an_account(client):
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_first_administrator_is_made_and_signed_in(client):
    assert client.get("/welcome/").status_code == 200
    response = client.post("/welcome/", {**ANSWERS, "role": "sales"})
    assert (response.status_code, response["Location"]) == (302, "/")
    person = User.objects.get()
    assert (person.email, person.role, person.name) == ("ada@example.com", "administrator", "Ada")
    row = Organisation.objects.get()
    assert (row.name, row.time_zone, row.base_currency) == ("Acme", "Europe/Berlin", "EUR")
    assert client.get("/settings/people/").status_code == 200


@pytest.mark.django_db
def test_afterwards_there_is_no_such_page(client):
    UserFactory(is_active=False)
    for browser in (client, Client()):
        assert browser.get("/welcome/").status_code == 404
        assert browser.post("/welcome/", ANSWERS).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "short"),
        ("repeat", "something else"),
        ("email", "nobody"),
        ("currency", "XXX"),
        ("time_zone", "Mars/Olympus"),
        ("organisation", ""),
    ],
)
def test_wrong_answers_make_nobody(client, name, value):
    response = client.post("/welcome/", {**ANSWERS, name: value})
    assert response.status_code == 422
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_service_works_once():
    set_up(**VALUES)
    with pytest.raises(RuleViolation, match="already set up"):
        set_up(**{**VALUES, "email": "eve@example.com"})
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_administrator():
    if connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("threads share one connection to a database in memory")
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def attempt(email: str) -> None:
        barrier.wait()
        try:
            set_up(**{**VALUES, "email": email})
            outcomes.append("made")
        except RuleViolation:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(f"p{n}@example.com",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert User.objects.count() == 1
