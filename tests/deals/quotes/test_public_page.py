"""The customer's page: what it shows, who may answer once, and that no input breaks it."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import SharedLink
from core.shared_links import make_link, token
from deals.models import Quote
from deals.services.quote_mail import LINK
from deals.services.quotes import create_quote, revise_quote, send_quote, withdraw_link
from tests.factories.accounts import UserFactory
from tests.factories.deals import DealFactory, DealLineFactory, QuoteFactory

pytestmark = pytest.mark.django_db
ANSWER = {"name": "Ann Buyer", "email": "ann@example.org", "note": "Please start", "answer": "accept"}


def sent_quote(**values: Any) -> Quote:
    deal = DealFactory(owner=UserFactory(), name="Machines")
    DealLineFactory(deal=deal, description="<b>Licence</b>", unit_cost=Decimal(7), tax_percent=Decimal(19))
    quote = create_quote(deal, actor=deal.owner, data=values)
    send_quote(quote, actor=deal.owner)
    quote.refresh_from_db()
    return quote


def address(quote: Quote, name: str = "public_quote") -> str:
    link = SharedLink.objects.get(purpose=LINK, object_id=quote.pk, revoked_at=None)
    return reverse(f"deals:{name}", args=[token(link)])


def state(quote: Quote) -> tuple[str, str]:
    quote.refresh_from_db()
    return quote.status, quote.answered_name


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def test_the_page_shows_the_quote_and_nothing_of_ours(visitor: Client) -> None:
    quote = sent_quote(terms="30 days net")
    answer = visitor.get(address(quote))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "&lt;b&gt;Licence&lt;/b&gt;" in text
    assert "30 days net" in text
    assert "€119.00" in text
    for hidden in ("Margin", "Unit cost", "/deals/", quote.deal.owner.email):
        assert hidden not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in text
    link = SharedLink.objects.get(object_id=quote.pk)
    assert link.first_opened_at is not None


def test_the_page_speaks_the_language_of_the_quote(visitor: Client) -> None:
    answer = visitor.get(address(sent_quote(language="zh-hans")), headers={"Accept-Language": "en"})
    assert '<html lang="zh-hans"' in answer.content.decode()
    assert answer.headers["Content-Language"] == "zh-hans"
    answer = visitor.get(address(sent_quote(language="en")), headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en"' in answer.content.decode()


def test_the_pdf_needs_no_log_in_either(visitor: Client) -> None:
    answer = visitor.get(address(sent_quote(), "public_quote_document"))
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_answer_is_taken_once_with_time_and_address(visitor: Client) -> None:
    quote = sent_quote()
    url = address(quote)
    answer = visitor.post(url, ANSWER, REMOTE_ADDR="192.0.2.9")
    assert (answer.status_code, answer.headers["Location"]) == (302, url)
    assert state(quote) == ("accepted", "Ann Buyer")
    assert (quote.answered_email, quote.answered_ip) == ("ann@example.org", "192.0.2.9")
    assert "Accepted by Ann Buyer" in visitor.get(url).content.decode()
    again = visitor.post(url, {**ANSWER, "name": "Bob", "answer": "decline"})
    assert again.status_code == 409
    assert "answered already" in again.content.decode()
    assert state(quote) == ("accepted", "Ann Buyer")


def test_an_answer_needs_a_token_against_forgery() -> None:
    quote = sent_quote()
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert strict.post(address(quote), ANSWER).status_code == 403
    assert state(quote) == ("sent", "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"status": "expired"}, "no longer valid"),
        ({"status": "superseded"}, "a newer version"),
        ({"status": "declined", "answered_name": "Bob", "answered_at": timezone.now()}, "Declined by Bob"),
        ({"quoted_on": "2020-01-01", "valid_until": "2020-01-31"}, "no longer valid"),
    ],
)
def test_a_quote_that_is_over_says_so_and_takes_no_answer(
    visitor: Client, change: dict[str, Any], said: str
) -> None:
    quote = sent_quote()
    url = address(quote)
    Quote._base_manager.filter(pk=quote.pk).update(**change)
    page = visitor.get(url)
    assert (page.status_code, said in page.content.decode()) == (200, True)
    assert "Accept the quote" not in page.content.decode()
    before = state(quote)
    assert visitor.post(url, ANSWER).status_code == 409
    assert state(quote) == before


def test_the_old_version_points_to_the_new_one(visitor: Client) -> None:
    quote = sent_quote()
    old = address(quote)
    send_quote(revise_quote(quote, actor=quote.deal.owner), actor=quote.deal.owner)
    assert "a newer version of this quote" in visitor.get(old).content.decode()
    assert visitor.post(old, ANSWER).status_code == 409


def test_links_that_are_withdrawn_over_or_of_something_else_lead_nowhere(visitor: Client) -> None:
    quote = sent_quote()
    url = address(quote)
    draft = QuoteFactory()
    owner, soon = quote.deal.owner, timezone.now() + timedelta(days=1)
    others = [
        make_link(purpose="close_plan", object_id=quote.pk, actor=owner, expires_at=soon),
        make_link(purpose=LINK, object_id=draft.pk, actor=owner, expires_at=soon),
        make_link(purpose=LINK, object_id=999_999, actor=owner, expires_at=soon),
    ]
    urls = [reverse("deals:public_quote", args=[token(link)]) for link in others]
    withdraw_link(quote)
    for gone in (url, *urls):
        page = visitor.get(gone)
        assert page.status_code == 404
        assert "This link leads nowhere any more" in page.content.decode()
        assert visitor.post(gone, ANSWER).status_code == 404
        assert visitor.get(f"{gone}pdf/").status_code == 404
    assert state(quote) == ("sent", "")


def test_a_quote_of_a_deal_in_the_trash_is_gone(visitor: Client) -> None:
    quote = sent_quote()
    url = address(quote)
    type(quote.deal)._base_manager.filter(pk=quote.deal_id).update(deleted_at=timezone.now())
    assert visitor.get(url).status_code == 404
    assert visitor.post(url, ANSWER).status_code == 404


def test_guessing_is_slowed_down(visitor: Client) -> None:
    quote = sent_quote()
    found = [visitor.get(f"/q/{n}-{'a' * 32}.{'b' * 43}/").status_code for n in range(40)]
    assert found == [404] * 30 + [429] * 10
    assert visitor.get(address(quote)).status_code == 429
    assert visitor.get(address(quote), REMOTE_ADDR="192.0.2.1").status_code == 200


def test_one_link_takes_so_many_answers_an_hour(visitor: Client) -> None:
    url = address(sent_quote())
    found = [visitor.post(url, {"answer": "accept"}).status_code for _ in range(32)]
    assert found == [422] * 30 + [429] * 2


BAD = [
    "\x00", "a" * 5_000, "<script>alert(1)</script>", "' OR 1=1 --", "\ud7ff\uffff", "‮evil", "😀" * 200,
    "a@b\r\nBcc: x@example.org", "%s%s%n", "{{ 7*7 }}", " ", "",
]  # fmt: skip


@pytest.mark.parametrize("field", ["name", "email", "note", "answer"])
def test_no_input_breaks_the_page_or_is_kept_raw(visitor: Client, field: str) -> None:
    for value in BAD:
        quote = sent_quote()
        answer = visitor.post(address(quote), {**ANSWER, field: value})
        assert answer.status_code in (302, 422), repr(value)
        assert "<script>alert(1)</script>" not in answer.content.decode()
        text = visitor.get(address(quote)).content.decode()
        assert "<script>alert(1)</script>" not in text
        status, name = state(quote)
        assert "\x00" not in name + quote.answer_note + quote.answered_email
        assert (status == "sent") == (answer.status_code == 422)


def test_no_address_breaks_the_page(visitor: Client) -> None:
    good = address(sent_quote()).split("/")[2]
    dice = random.Random(7)
    secrets = [
        good[:-1], good + "x", good.replace("-", "–", 1), good.upper(), "%00", "%ff%fe", ".", "-", "0-0.0",
        "a" * 5_000, "9" * 400 + "-x.y", "..%2f..%2fetc%2fpasswd", "%E2%80%AE", good.split(".")[0],
    ]  # fmt: skip
    for _ in range(60):
        at = dice.randrange(len(good))
        secrets.append(good[:at] + dice.choice("abcXYZ019-_.") + good[at + 1 :])
    for number, secret in enumerate(secrets):
        if secret == good:
            continue
        client = Client(raise_request_exception=False, REMOTE_ADDR=f"192.0.2.{number}")
        for tail in ("", "pdf/"):
            assert client.get(f"/q/{secret}/{tail}").status_code in (400, 404), secret
