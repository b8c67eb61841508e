"""Custom fields among the others: lists sort by them, bulk edits set and empty them."""

import pytest

from core.models import ChangeSet, CustomField
from core.undo import undo
from tests.factories.accounts import AdministratorFactory
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db
VALUES = {
    "text": ["apple", "Banana", "cherry"],
    "number": [-2, 9.5, 10],
    "money": [{"amount": n, "currency": "EUR"} for n in (9, 10, 100.5)],
    "date": ["2025-12-31", "2026-01-02", "2026-11-01"],
    "choice": ["small", "large", "an old choice"],  # not by their letters
    "boolean": [False, True],
    "link": ["https://a.example/", "https://b.example/"],
}


@pytest.fixture(autouse=True)
def admin(client):
    user = AdministratorFactory()
    client.force_login(user)
    return user


def define(kind, **options):
    choices = ["small", "large"] if kind in ("choice", "multi") else []
    return CustomField.objects.create(
        model="customers.customer", key="extra", label="Extra", kind=kind, choices=choices, **options
    )


def walk(client, query):
    """The names of all pages by the Next links, then back from the last one by Previous."""
    forward, address = [], f"/customers/{query}"
    while address:
        page = client.get(address)
        forward.append([row["name"] for row in page.context["rows"]])
        address = page.context.get("next_url") and f"/customers/{page.context['next_url']}"
    backward, address = [], f"/customers/{page.context['previous_url']}"
    while address:
        page = client.get(address)
        backward.append([row["name"] for row in page.context["rows"]])
        address = page.context.get("previous_url") and f"/customers/{page.context['previous_url']}"
    assert backward[::-1] == forward[:-1]
    return [name for names in forward for name in names]


@pytest.mark.parametrize("kind", VALUES)
def test_a_list_is_sorted_by_a_custom_field_page_by_page(client, kind, monkeypatch):
    monkeypatch.setattr("core.lists.SIZES", (2,))
    define(kind)
    values = VALUES[kind]
    for number, value in reversed(list(enumerate(values))):
        CustomerFactory(name=f"{number} first", custom={"extra": value})
        CustomerFactory(name=f"{number} second", custom={"extra": value})
    empty = [CustomerFactory(name=name, custom={}).name for name in ("none 1", "none 2")]
    filled = [f"{n} {place}" for n in range(len(values)) for place in ("first", "second")]
    assert walk(client, "?sort=custom.extra") == filled + empty
    assert walk(client, "?sort=-custom.extra") == filled[::-1] + empty[::-1]


def test_a_record_page_knows_its_neighbours_in_that_order(client):
    define("number")
    last, first, middle = (CustomerFactory(custom={"extra": n}) for n in (30, 1, 20))
    found = client.get(f"/customers/{middle.pk}/?from=sort%3Dcustom.extra").context["neighbours"]
    assert found.previous.startswith(f"/customers/{first.pk}/")
    assert found.next.startswith(f"/customers/{last.pk}/")


@pytest.mark.parametrize("kind", ["multi", "person"])
def test_kinds_without_an_order_offer_none(client, kind):
    define(kind)
    heads = client.get("/customers/?columns=name,custom.extra").context["heads"]
    assert [bool(head["sort_url"]) for head in heads] == [True, False]
    assert client.get("/customers/?sort=custom.extra").context["notices"]


BULK = {
    "text": ({"custom__extra": "red"}, "red"),
    "number": ({"custom__extra": "12.5"}, 12.5),
    "money": (
        {"custom__extra_amount": "7", "custom__extra_currency": "EUR"},
        {"amount": 7, "currency": "EUR"},
    ),
    "date": ({"custom__extra": "2026-03-29"}, "2026-03-29"),
    "choice": ({"custom__extra": "large"}, "large"),
    "multi": ({"custom__extra": ["small", "large"]}, ["small", "large"]),
    "boolean": ({"custom__extra": "false"}, False),
    "link": ({"custom__extra": "https://a.example/"}, "https://a.example/"),
}


def bulk_edit(client, rows, **values):
    data = {"action": "edit", "confirm": "1", "selected": [row.pk for row in rows], "query": "?", **values}
    return client.post("/customers/bulk/", data)


def custom_of(*rows):
    for row in rows:
        row.refresh_from_db()
    return [row.custom for row in rows]


@pytest.mark.parametrize("kind", BULK)
def test_a_bulk_edit_sets_and_empties_a_custom_field(client, admin, kind):
    define(kind)
    sent, stored = BULK[kind]
    rows = [CustomerFactory(custom={"other": 1}), CustomerFactory(custom={})]
    assert bulk_edit(client, rows, **sent).status_code == 302
    assert custom_of(*rows) == [{"other": 1, "extra": stored}, {"extra": stored}]
    undo(ChangeSet.objects.get(kind="bulk"), actor=admin)
    assert custom_of(*rows) == [{"other": 1}, {}]
    bulk_edit(client, rows, **sent)
    assert bulk_edit(client, rows, empty=["custom__extra"]).status_code == 302
    assert custom_of(*rows) == [{"other": 1}, {}]


def test_a_bulk_edit_refuses_what_the_field_does_not_take(client):
    define("number")
    row = CustomerFactory(custom={"extra": 1})
    assert bulk_edit(client, [row], custom__extra="many").status_code == 422
    assert custom_of(row) == [{"extra": 1}]


def test_a_required_field_is_never_emptied_in_bulk(client):
    define("text", required=True)
    row = CustomerFactory(custom={"extra": "kept"})
    assert bulk_edit(client, [row], industry="Food").status_code == 302
    assert bulk_edit(client, [row], empty=["custom__extra"]).status_code == 422
    assert custom_of(row) == [{"extra": "kept"}]
