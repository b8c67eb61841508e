"""Quotes: made from the lines of a deal, sent once, then only followed by a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.clock import day_bounds, today
from accounts.organisation import get_organisation
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation, StaleRecord
from core.models import ChangeSet
from core.shared_links import make_link, revoke_links
from customers.models import Contact
from deals.constants import QuoteStatus
from deals.models import Deal, DealContact, Quote, SalesSettings
from deals.selectors.lines import lines_of
from deals.services.lines import copied, write_lines
from deals.services.numbers import next_number
from deals.services.quote_mail import LINK, enqueue_mail
from deals.services.sealing import seal

Kind = ChangeSet.Kind
PREFIX = "Q"
#: The page still says what became of a quote after it has ended.
LINK_OUTLIVES = timedelta(days=90)
#: A quote in one of these states can be followed by a new version.
REVISABLE = frozenset({QuoteStatus.SENT, QuoteStatus.DECLINED, QuoteStatus.EXPIRED})


def quote_defaults(deal: Deal) -> dict[str, Any]:
    """What a new quote of a deal says unless somebody says otherwise."""
    rules = SalesSettings.load()
    contact = _main_contact(deal)
    day = today()
    return {
        "contact": contact,
        "title": deal.name,
        "recipient": recipient_of(deal, contact),
        "language": _language(deal, contact),
        "quoted_on": day,
        "valid_until": day + timedelta(days=rules.quote_valid_days),
        "terms": rules.quote_terms,
    }


def create_quote(deal: Deal, *, actor: Any, data: Mapping[str, Any] | None = None) -> Quote:
    """A draft with the lines the deal has now; from then on they are the quote's own."""
    values = {**quote_defaults(deal), **(data or {})}
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        lines = lines_of(Deal._base_manager.select_for_update().get(pk=deal.pk))
        if not lines:
            raise RuleViolation(_("Add the products of this deal first: a quote is made of them."))
        number = next_number(PREFIX, values["quoted_on"].year)
        quote = log.create(Quote(deal=deal, number=number, currency=deal.currency, **values))
        write_lines(quote, copied(lines), log=log)
    quote.refresh_from_db()
    return quote


def update_quote(
    quote: Quote, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change a draft. None where nothing differs."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        current = locked(quote, expected_version)
        if not current.is_draft:
            raise RuleViolation(_("A quote that was sent does not change. Make a new version."), code="sent")
        log.update(quote, values)
    return log.row if log.row.pk else None


def revise_quote(quote: Quote, *, actor: Any) -> Quote:
    """The next version as a draft; the one before stays in force until the new one is sent."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        current = locked(quote)
        versions = Quote._base_manager.select_for_update().filter(number=current.number).order_by("revision")
        every = list(versions)
        draft = next((one for one in every if one.is_draft and not one.in_trash), None)
        if draft is not None:
            raise RuleViolation(_("There is a draft of the next version already: %s.") % draft, code="draft")
        if current.status not in REVISABLE:
            raise RuleViolation(_("Only a quote that was sent gets a new version."), code="state")
        day = today()
        made = log.create(
            Quote(
                deal=current.deal,
                number=current.number,
                revision=every[-1].revision + 1,
                contact=current.contact,
                title=current.title,
                recipient=current.recipient,
                language=current.language,
                currency=current.currency,
                quoted_on=day,
                valid_until=day + timedelta(days=SalesSettings.load().quote_valid_days),
                introduction=current.introduction,
                terms=current.terms,
            )
        )
        write_lines(made, copied(lines_of(current)), log=log)
    made.refresh_from_db()
    return made


def send_quote(
    quote: Quote,
    *,
    actor: Any,
    email: str = "",
    message: str = "",
    expected_version: int | None = None,
) -> ChangeSet:
    """Send a draft: it is sealed and gets its public page; versions before it are superseded.

    With `email` the customer is written to. What went out cannot be taken back, so there is no Undo.
    """
    with change_set(kind=Kind.SYSTEM, actor=actor, reason=_("Quote sent")) as log:
        current = locked(quote, expected_version)
        _refuse_sending(current)
        _supersede(current, log)
        log.update(
            quote,
            {"status": QuoteStatus.SENT, "sent_at": timezone.now(), "sender": sender_text()},
        )
        quote.seal = seal(quote, lines_of(quote))
        Quote._base_manager.filter(pk=quote.pk).update(seal=quote.seal)
        share(quote, actor=actor)
        if email:
            enqueue_mail(quote, email=email, message=message, actor=actor)
    return log.row


def share(quote: Quote, *, actor: Any) -> Any:
    """A new link to the public page; the one there was ends."""
    end = day_bounds(quote.valid_until)[1] if quote.valid_until else timezone.now() + timedelta(days=365)
    return make_link(
        purpose=LINK, object_id=quote.pk, actor=actor, expires_at=max(end, timezone.now()) + LINK_OUTLIVES
    )


def renew_link(quote: Quote, *, actor: Any) -> Any:
    """A new link to a quote that was sent; the old address stops working at once."""
    current = Quote._base_manager.get(pk=quote.pk)
    if current.is_draft:
        raise RuleViolation(_("Send the quote first: a draft has no page."), code="state")
    return share(current, actor=actor)


def withdraw_link(quote: Quote) -> int:
    """End the public page at once; the quote itself stays as it is."""
    return revoke_links(purpose=LINK, object_id=quote.pk)


def trash_quote(quote: Quote, *, actor: Any) -> ChangeSet:
    """Drafts can be thrown away; what a customer was sent is kept."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        if not locked(quote).is_draft:
            raise RuleViolation(_("What a customer was sent is kept; only drafts can be deleted."))
        log.trash(quote)
    return log.row


def restore_quote(quote: Quote, *, actor: Any) -> ChangeSet:
    with change_set(kind=Kind.RESTORE, actor=actor) as log:
        log.restore(quote)
    return log.row


def locked(quote: Quote, expected_version: int | None = None) -> Quote:
    """The quote as it stands, locked; raises StaleRecord where somebody was faster."""
    rows = Quote._base_manager.select_for_update(of=("self",)).select_related("deal", "contact")
    current = rows.get(pk=quote.pk)
    if expected_version is not None and current.version != expected_version:
        raise StaleRecord(current, expected_version)
    return current


def sender_text() -> str:
    """Who sends, as printed: the organisation and what its settings say below."""
    organisation, rules = get_organisation(), SalesSettings.load()
    return "\n".join(part for part in (str(organisation), rules.quote_sender.strip()) if part)


def recipient_of(deal: Deal, contact: Contact | None) -> str:
    """Name and address as printed; the seller may change them in the draft."""
    customer = deal.customer
    lines: Iterable[str] = ()
    if customer is not None:
        place = " ".join(part for part in (customer.postcode, customer.city) if part)
        lines = (customer.name, contact.name if contact else "", customer.street, place, customer.country)
    elif contact is not None:
        lines = (contact.name,)
    return "\n".join(line for line in dict.fromkeys(lines) if line)[:500]


def ends_before(quote: Quote, day: date) -> bool:
    """Whether the quote ended before this day; one without an end never does."""
    return quote.valid_until is not None and quote.valid_until < day


def _main_contact(deal: Deal) -> Contact | None:
    people = DealContact.objects.alive().filter(deal=deal, contact__deleted_at__isnull=True)
    person = people.select_related("contact").order_by("-is_primary", "-influence", "pk").first()
    return person.contact if person else None


def _language(deal: Deal, contact: Contact | None) -> str:
    """Of the document: the contact's, else the customer's, else the organisation's."""
    offered = dict(settings.LANGUAGES)
    wanted = (
        contact.language if contact else "",
        deal.customer.language if deal.customer else "",
        get_organisation().language,
    )
    for one in wanted:
        match = one if one in offered else next((code for code in offered if one and code[:2] == one[:2]), "")
        if match:
            return match
    return "en"


def _refuse_sending(quote: Quote) -> None:
    if not quote.is_draft:
        raise RuleViolation(_("This quote was sent already."), code="sent")
    if not lines_of(quote):
        raise RuleViolation(_("A quote without lines offers nothing."), code="empty")
    if ends_before(quote, today()):
        raise RuleViolation(
            _("This quote would have ended already: change its last day."), field="valid_until"
        )
    accepted = Quote.objects.alive().filter(number=quote.number, status=QuoteStatus.ACCEPTED)
    if accepted.exists():
        raise RuleViolation(_("The customer accepted another version of this quote."), code="accepted")


def _supersede(quote: Quote, log: ChangeLog) -> None:
    """Earlier versions with the customer are over; their pages say so."""
    earlier = Quote._base_manager.select_for_update().filter(number=quote.number, status=QuoteStatus.SENT)
    for one in earlier.exclude(pk=quote.pk).order_by("pk"):
        log.update(one, {"status": QuoteStatus.SUPERSEDED})
