"""Last contact and next step on the record page are fresh after an activity was logged there."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.factories.activities import ActivityFactory, TaskFactory

pytestmark = pytest.mark.usefixtures("clock")
EVENT = "activities-changed from:body"


def block(text: str) -> str:
    """The highlights without mark-up."""
    found = re.search(r'<dl class="stats highlights".*?</dl>', text, re.S)
    assert found, text
    return " ".join(re.sub(r"<[^>]*>", " ", found.group()).split())


def test_the_highlights_reload_themselves_after_an_activity(client, seller, customer) -> None:
    client.force_login(seller)
    url = reverse("customers:customer_card", args=[customer.pk, "highlights"])
    page = client.get(customer.get_absolute_url()).content.decode()
    assert f'data-hx-get="{url}" data-hx-trigger="{EVENT}" data-hx-swap="outerHTML"' in page
    assert block(page).startswith("Last contact none yet Next step none planned")

    ActivityFactory(customer=customer, author=seller)
    TaskFactory(customer=customer, title="Send the offer", assignee=seller)
    fresh = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fresh
    assert f'data-hx-trigger="{EVENT}"' in fresh
    assert "Next step Send the offer 2 Mar 2026" in block(fresh)
    assert "none yet" not in block(fresh)


def test_the_glance_reloads_too(client, seller, customer) -> None:
    client.force_login(seller)
    url = reverse("customers:customer_card", args=[customer.pk, "insights"])
    assert f'data-hx-trigger="{EVENT}"' in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_logging_tells_the_page(client, seller, customer) -> None:
    client.force_login(seller)
    answer = client.post(
        reverse("activities:activity_log", args=[customer.pk]),
        {"kind": "call", "subject": "Hello"},
        headers={"HX-Request": "true"},
    )
    assert answer.headers.get("HX-Trigger") == "activities-changed"


def test_strangers_get_no_highlights(client, stranger, customer) -> None:
    client.force_login(stranger)
    url = reverse("customers:customer_card", args=[customer.pk, "highlights"])
    assert client.get(url).status_code == 404
