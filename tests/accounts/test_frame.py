"""The frame of a page is remembered; nothing of one person or one request stays in it."""

from __future__ import annotations

import re

import pytest

from tests.factories.accounts import AdministratorFactory, AnalystFactory, UserFactory

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def html(browser, url="/profile/"):
    return browser.get(url).content.decode()


def test_every_request_has_its_own_token(client_of):
    browser = client_of(UserFactory())
    first, second = (set(TOKEN.findall(html(browser))) for _ in range(2))
    assert len(first) == len(second) == 1
    assert first != second


def test_people_see_their_own_names_and_menus(client_of):
    people = [
        AdministratorFactory(name="Ada", email="ada@example.com"),
        AnalystFactory(name="Elena", email="elena@example.com"),
    ]
    for person in [*people, *people]:
        (other,) = {*people} - {person}
        page = html(client_of(person))
        assert person.email in page
        assert other.email not in page
        assert ("/settings/organisation/" in page) == (person.role == "administrator")
        assert ("data-new=" in page) == (person.role != "analyst")


def test_a_changed_name_theme_or_role_shows_at_once(client_of):
    person = UserFactory(name="Before", role="sales", theme="light")
    browser = client_of(person)
    assert "<strong>Before</strong>" in html(browser)
    person.name, person.role, person.theme = "After", "analyst", "dark"
    person.save()
    page = html(browser)
    assert "<strong>After</strong>" in page
    assert "data-new=" not in page
    assert '<button name="theme" value="dark" aria-pressed="true">' in page


def test_the_forms_of_the_frame_lead_back_to_the_page_one_is_on(client_of):
    browser = client_of(UserFactory())
    for address in ("/profile/?a=1", "/profile/?a=2"):
        assert f'name="next" value="{address}"' in html(browser, address)


def test_the_page_one_is_on_is_marked_on_each_page(client_of):
    browser = client_of(UserFactory(role="sales"))
    for url in ("/customers/", "/contacts/", "/customers/"):
        marked = re.findall(r'nav-link-item" href="([^"]+)" aria-current="page"', html(browser, url))
        assert {*marked} == {url}
