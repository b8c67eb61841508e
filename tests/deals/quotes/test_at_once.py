"""Two people at the same moment: numbers without doubles or gaps, one answer, one sending."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.clock import today
from core.exceptions import RuleViolation
from deals.models import Quote
from deals.services.quote_answers import answer_quote
from deals.services.quotes import create_quote, revise_quote, send_quote
from tests.factories.accounts import UserFactory
from tests.factories.deals import DealFactory, DealLineFactory, StageFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts in threads that start together; gives results and refusals."""
    barrier, found = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            found.append(act())
        except RuleViolation as error:
            found.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(acts)
    return found


def bare_deal() -> Any:
    """What a migration made is gone in tests that commit: no default pipeline, no lifecycle."""
    return DealFactory(owner=UserFactory(), customer=None, stage=StageFactory())


def deal() -> Any:
    made = bare_deal()
    DealLineFactory(deal=made)
    return made


def test_numbers_come_without_doubles_and_without_gaps() -> None:
    first, second, empty = deal(), deal(), bare_deal()

    def five(of: Any) -> Callable[[], Any]:
        def make() -> list[str]:
            numbers = []
            for attempt in range(5):
                numbers.append(create_quote(of, actor=of.owner).number)
                if attempt == 2:
                    with pytest.raises(RuleViolation):  # a deal without lines gives back what it took
                        create_quote(empty, actor=of.owner)
            return numbers

        return make

    numbers = [number for found in at_once(five(first), five(second)) for number in found]
    assert sorted(numbers) == [f"Q-{today().year}-{n:04}" for n in range(1, 11)]


def test_of_two_answers_one_counts() -> None:
    made = deal()
    quote = create_quote(made, actor=made.owner)
    send_quote(quote, actor=made.owner)
    found = at_once(
        lambda: answer_quote(Quote.objects.get(pk=quote.pk), accepted=True, name="Ann").pk,
        lambda: answer_quote(Quote.objects.get(pk=quote.pk), accepted=False, name="Bob").pk,
    )
    assert sum(result == "answered" for result in found) == 1
    quote.refresh_from_db()
    assert (quote.status, quote.answered_name) in {("accepted", "Ann"), ("declined", "Bob")}


def test_of_two_versions_accepted_at_once_one_counts() -> None:
    made = deal()
    quotes = [create_quote(made, actor=made.owner) for _ in range(2)]
    for quote in quotes:
        send_quote(quote, actor=made.owner)
    found = at_once(
        *(
            lambda pk=quote.pk: answer_quote(Quote.objects.get(pk=pk), accepted=True, name="Ann").pk
            for quote in quotes
        )
    )
    assert sum(result == "accepted" for result in found) == 1
    assert Quote.objects.filter(status="accepted").count() == 1


def test_a_quote_is_sent_and_revised_once() -> None:
    made = deal()
    quote = create_quote(made, actor=made.owner)
    sent = at_once(
        *(lambda: send_quote(Quote.objects.get(pk=quote.pk), actor=made.owner).pk for _ in range(2))
    )
    assert sum(result == "sent" for result in sent) == 1
    at_once(*(lambda: revise_quote(Quote.objects.get(pk=quote.pk), actor=made.owner).pk for _ in range(2)))
    assert Quote.objects.filter(number=quote.number).count() == 2
