"""The life of a quote: numbers, versions, sending, answers, and what never changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.clock import today
from accounts.models import Notification
from core.changes import change_set
from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet
from core.personal_data import erase, everything
from core.shared_links import resolve
from core.undo import undo
from core.undo_service import may_undo
from deals.constants import QuoteStatus, StageKind
from deals.models import Quote, QuoteLine, SalesSettings
from deals.selectors.lines import lines_of
from deals.services.lines import save_lines
from deals.services.numbers import next_number
from deals.services.quote_answers import answer_quote
from deals.services.quote_mail import LINK, public_url
from deals.services.quote_nightly import expire_quotes, remind_of_quotes
from deals.services.quotes import (
    create_quote,
    renew_link,
    revise_quote,
    send_quote,
    trash_quote,
    update_quote,
    withdraw_link,
)
from deals.services.winning import win_with_quote
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.customers import ContactFactory, ContactMethodFactory, CustomerFactory
from tests.factories.deals import DealFactory, DealLineFactory, NumberSeriesFactory

pytestmark = pytest.mark.django_db
D = Decimal


def deal_with_lines(**values: Any) -> Any:
    deal = DealFactory(owner=UserFactory(), **values)
    DealLineFactory(deal=deal, position=1, description="Licence", tax_percent=D(19))
    DealLineFactory(deal=deal, position=2, description="Support", unit_price=D(50), recurring_period="month")
    return deal


def sent_quote(**values: Any) -> Quote:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner, data=values or None)
    send_quote(quote, actor=deal.owner)
    quote.refresh_from_db()
    return quote


def test_a_quote_copies_the_lines_and_is_numbered_by_year() -> None:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    again = create_quote(deal, actor=deal.owner)
    year = today().year
    assert [quote.number, again.number] == [f"Q-{year}-0001", f"Q-{year}-0002"]
    assert [(line.description, line.net, line.tax) for line in lines_of(quote)] == [
        ("Licence", D(100), D(19)),
        ("Support", D(50), D(0)),
    ]
    assert (quote.net, quote.tax, quote.total) == (D(150), D(19), D(169))
    assert (quote.status, quote.valid_until) == ("draft", today() + timedelta(days=30))
    save_lines(deal, rows=[{"description": "Other", "unit_price": D(1)}], actor=deal.owner)
    assert [line.description for line in lines_of(quote)] == ["Licence", "Support"]


def test_a_deal_without_lines_gives_no_quote_and_takes_no_number() -> None:
    with pytest.raises(RuleViolation, match="Add the products"):
        create_quote(DealFactory(), actor=UserFactory())
    assert next_number("Q", today().year).endswith("-0001")


def test_a_number_that_was_rolled_back_is_given_again() -> None:
    NumberSeriesFactory(key="Q-2026", last=41)
    with transaction.atomic():
        assert next_number("Q", 2026) == "Q-2026-0042"
        transaction.set_rollback(True)
    assert [next_number("Q", 2026), next_number("Q", 2026)] == ["Q-2026-0042", "Q-2026-0043"]


def test_the_quote_speaks_the_language_of_its_reader() -> None:
    OrganisationFactory(language="en")
    customer = CustomerFactory(language="zh-hans", name="上海长江", city="上海")
    deal = deal_with_lines(customer=customer)
    quote = create_quote(deal, actor=deal.owner)
    assert (quote.language, quote.recipient) == ("zh-hans", "上海长江\n上海")
    person = ContactFactory(name="Ann Buyer", language="en")
    deal.people.create(contact=person, is_primary=True)
    quote = create_quote(deal, actor=deal.owner)
    assert (quote.language, quote.contact) == ("en", person)
    assert quote.recipient.splitlines()[:2] == ["上海长江", person.name]


def test_terms_and_days_come_from_the_settings() -> None:
    with change_set(kind=ChangeSet.Kind.CREATE, actor=None) as log:
        log.create(SalesSettings(pk=1, quote_terms="30 days net", quote_valid_days=14))
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    assert (quote.terms, quote.valid_until) == ("30 days net", today() + timedelta(days=14))


def test_sending_seals_shares_and_cannot_be_undone() -> None:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    act = send_quote(quote, actor=deal.owner, expected_version=quote.version)
    quote.refresh_from_db()
    assert (quote.status, len(quote.seal), quote.sent_at is not None) == ("sent", 64, True)
    link = resolve(public_url(quote).split("/q/")[1].strip("/"), purpose=LINK)
    assert link is not None
    assert link.object_id == quote.pk
    assert not may_undo(act, deal.owner)
    assert not may_undo(act, UserFactory(role="administrator"))
    with pytest.raises(RuleViolation, match="sent already"):
        send_quote(quote, actor=deal.owner)


def test_a_quote_somebody_changed_meanwhile_is_not_sent() -> None:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    seen = quote.version
    update_quote(quote, values={"terms": "New"}, actor=deal.owner)
    with pytest.raises(StaleRecord):
        send_quote(quote, actor=deal.owner, expected_version=seen)
    quote.refresh_from_db()
    assert quote.status == "draft"


def test_nothing_changes_a_quote_that_was_sent() -> None:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    texts = update_quote(quote, values={"terms": "First"}, actor=deal.owner)
    rows = [{"description": "Changed", "unit_price": D(3)}]
    lines = save_lines(quote, rows=rows, actor=deal.owner)
    send_quote(quote, actor=deal.owner)
    with pytest.raises(RuleViolation, match="does not change"):
        update_quote(quote, values={"terms": "Second"}, actor=deal.owner)
    with pytest.raises(RuleViolation, match="does not change"):
        save_lines(quote, rows=[], actor=deal.owner)
    for act in (texts, lines):
        assert act is not None
        with pytest.raises(RuleViolation, match="does not change"):
            undo(act, actor=UserFactory(role="administrator"))
    line = QuoteLine.objects.alive().get(quote=quote)
    with pytest.raises(RuleViolation), change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
        log.update(line, {"description": "Past the service"})
    with pytest.raises(RuleViolation, match="only drafts"):
        trash_quote(quote, actor=deal.owner)
    quote.refresh_from_db()
    assert (quote.terms, quote.total) == ("First", D(3))
    assert [line.description for line in lines_of(quote)] == ["Changed"]


def test_the_next_version_supersedes_when_it_is_sent() -> None:
    quote = sent_quote()
    made = revise_quote(quote, actor=quote.deal.owner)
    assert (made.number, made.revision, str(made)) == (quote.number, 2, f"{quote.number} v2")
    assert [line.description for line in lines_of(made)] == ["Licence", "Support"]
    with pytest.raises(RuleViolation, match="a draft of the next version"):
        revise_quote(quote, actor=quote.deal.owner)
    quote.refresh_from_db()
    assert quote.status == "sent"
    send_quote(made, actor=quote.deal.owner)
    quote.refresh_from_db()
    assert quote.status == "superseded"
    with pytest.raises(RuleViolation, match="newer version"):
        answer_quote(quote, accepted=True, name="Ann")


def test_an_accepted_quote_has_no_next_version() -> None:
    quote = sent_quote()
    made = revise_quote(quote, actor=quote.deal.owner)
    answer_quote(quote, accepted=True, name="Ann")
    with pytest.raises(RuleViolation, match="accepted another version"):
        send_quote(made, actor=quote.deal.owner)
    with pytest.raises(RuleViolation, match="draft of the next"):
        revise_quote(quote, actor=quote.deal.owner)
    trash_quote(made, actor=quote.deal.owner)
    with pytest.raises(RuleViolation, match="Only a quote that was sent"):
        revise_quote(quote, actor=quote.deal.owner)


def test_what_ended_already_is_not_sent() -> None:
    deal = deal_with_lines()
    yesterday = today() - timedelta(days=1)
    data = {"quoted_on": yesterday - timedelta(days=3), "valid_until": yesterday}
    quote = create_quote(deal, actor=deal.owner, data=data)
    with pytest.raises(RuleViolation, match="would have ended"):
        send_quote(quote, actor=deal.owner)


def test_an_answer_is_kept_with_who_when_and_where_and_told_to_the_owner() -> None:
    quote = sent_quote()
    answer_quote(
        quote, accepted=True, name="Ann", email="ann@example.org", note="Please start.", ip="192.0.2.7"
    )
    quote.refresh_from_db()
    assert quote.status == "accepted"
    assert (quote.answered_name, quote.answered_email) == ("Ann", "ann@example.org")
    assert (quote.answered_ip, quote.answer_note) == ("192.0.2.7", "Please start.")
    assert quote.answered_at is not None
    [news] = Notification.objects.filter(user=quote.deal.owner)
    assert (news.message, news.url) == (f"Ann accepted the quote {quote}", f"/quotes/{quote.pk}/")


def test_a_second_answer_is_refused_and_the_first_stays() -> None:
    quote = sent_quote()
    answer_quote(quote, accepted=False, name="Ann")
    with pytest.raises(RuleViolation, match="answered already"):
        answer_quote(quote, accepted=True, name="Bob")
    quote.refresh_from_db()
    assert (quote.status, quote.answered_name) == ("declined", "Ann")


def test_one_quote_of_a_deal_is_accepted() -> None:
    deal = deal_with_lines()
    first, second = (create_quote(deal, actor=deal.owner) for _ in range(2))
    for quote in (first, second):
        send_quote(quote, actor=deal.owner)
    answer_quote(first, accepted=True, name="Ann")
    with pytest.raises(RuleViolation, match="Another quote of this deal"):
        answer_quote(second, accepted=True, name="Ann")
    answer_quote(second, accepted=False, name="Ann")


def test_a_draft_takes_no_answer() -> None:
    deal = deal_with_lines()
    quote = create_quote(deal, actor=deal.owner)
    with pytest.raises(RuleViolation, match="not open"):
        answer_quote(quote, accepted=True, name="Ann")


def test_an_accepted_quote_wins_the_deal_at_what_was_accepted() -> None:
    quote = sent_quote()
    deal, owner = quote.deal, quote.deal.owner
    save_lines(deal, rows=[{"description": "Changed since", "unit_price": D(9)}], actor=owner)
    with pytest.raises(RuleViolation, match="Only an accepted"):
        win_with_quote(quote, actor=owner)
    answer_quote(quote, accepted=True, name="Ann")
    quote.refresh_from_db()
    act = win_with_quote(quote, actor=owner)
    deal.refresh_from_db()
    assert (deal.status, deal.amount) == (StageKind.WON, D(150))
    assert [line.description for line in lines_of(deal)] == ["Licence", "Support"]
    undo(act, actor=owner)
    deal.refresh_from_db()
    assert (deal.status, deal.amount) == (StageKind.OPEN, D(9))
    assert [line.description for line in lines_of(deal)] == ["Changed since"]


def test_links_are_renewed_and_withdrawn() -> None:
    quote = sent_quote()
    first = public_url(quote)
    renew_link(quote, actor=quote.deal.owner)
    second = public_url(quote)
    assert second
    assert second != first
    assert resolve(first.split("/q/")[1].strip("/"), purpose=LINK) is None
    withdraw_link(quote)
    assert public_url(quote) == ""


def test_a_mail_carries_the_link_in_the_language_of_the_quote(
    django_capture_on_commit_callbacks: Any,
) -> None:
    deal = deal_with_lines(name="Machines\r\nBcc: victim@example.org")
    quote = create_quote(deal, actor=deal.owner, data={"language": "zh-hans"})
    with django_capture_on_commit_callbacks(execute=True):
        send_quote(quote, actor=deal.owner, email="ann@example.org", message="Hello\r\nBcc: x@example.org")
    [letter] = mail.outbox
    assert (letter.to, letter.cc, letter.bcc) == (["ann@example.org"], [], [])
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert letter.reply_to == [deal.owner.email]
    assert public_url(quote) in letter.body
    assert "Bcc" not in str(letter.message()["Bcc"] or "")


def test_each_night_quotes_past_their_day_expire_once() -> None:
    quote = sent_quote()
    last = quote.valid_until
    assert last is not None
    assert expire_quotes(last) == 0
    assert expire_quotes(last + timedelta(days=1)) == 1
    assert expire_quotes(last + timedelta(days=1)) == 0
    quote.refresh_from_db()
    assert quote.status == "expired"
    assert Notification.objects.filter(user=quote.deal.owner).count() == 1


def test_owners_are_reminded_once_and_the_customer_where_asked(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with change_set(kind=ChangeSet.Kind.CREATE, actor=None) as log:
        log.create(SalesSettings(pk=1, quote_reminder_days=5, quote_remind_customer=True))
    person = ContactFactory()
    ContactMethodFactory(contact=person, kind="email", value="ann@example.org", key="ann@example.org")
    quote = sent_quote(contact=person)
    last: Any = quote.valid_until
    assert remind_of_quotes(last - timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remind_of_quotes(last - timedelta(days=5)) == 1
    assert remind_of_quotes(last) == 0
    [news] = Notification.objects.filter(user=quote.deal.owner)
    assert f"valid until {last:%Y-%m-%d}" in news.message
    [letter] = mail.outbox
    assert letter.to == ["ann@example.org"]
    assert public_url(quote) in letter.body


def test_nobody_is_reminded_of_what_is_answered() -> None:
    quote = sent_quote()
    answer_quote(quote, accepted=True, name="Ann")
    last: date = quote.valid_until or today()
    assert (remind_of_quotes(last), expire_quotes(last + timedelta(days=9))) == (0, 0)
    quote.refresh_from_db()
    assert quote.status == QuoteStatus.ACCEPTED


@pytest.mark.parametrize("of", ["customer", "contact"])
def test_quotes_forget_who_it_was(of: str) -> None:
    person = ContactFactory(name="Ann Buyer")
    quote = sent_quote(contact=person, recipient="Acme\nAnn Buyer", introduction="Dear Ann Buyer")
    answer_quote(quote, accepted=True, name="Ann Buyer", email="ann@example.org", note="Ann", ip="192.0.2.7")
    record = person if of == "contact" else quote.deal.customer
    [known] = everything(record)["quotes"]
    assert (known["answered_name"], known["answered_ip"]) == ("Ann Buyer", "192.0.2.7")
    with change_set(kind=ChangeSet.Kind.ERASE, actor=None) as log:
        erase(record, log)
    quote.refresh_from_db()
    kept = (
        f"{quote.recipient}{quote.introduction}{quote.answered_name}{quote.answered_email}{quote.answer_note}"
    )
    assert (kept, quote.answered_ip, public_url(quote)) == ("", None, "")
    assert (quote.status, quote.total) == ("accepted", D(169))
    assert not Notification.objects.filter(params__name="Ann Buyer").exists()
    with change_set(kind=ChangeSet.Kind.EDIT, actor=None) as log:
        log.update(quote, {"reminded_at": timezone.now()})  # it is sealed anew
