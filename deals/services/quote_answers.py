"""The customer's answer to a quote: given on the public page, or noted by the seller."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.clock import today
from accounts.models.notification import NotificationKind
from accounts.services.notifications import notify
from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.constants import QuoteStatus
from deals.models import Deal, Quote
from deals.services.quotes import ends_before, locked

TEXTS = {
    QuoteStatus.ACCEPTED: gettext_noop("%(name)s accepted the quote %(quote)s"),
    QuoteStatus.DECLINED: gettext_noop("%(name)s declined the quote %(quote)s"),
}


def answer_quote(
    quote: Quote,
    *,
    accepted: bool,
    name: str,
    email: str = "",
    note: str = "",
    ip: str | None = None,
    actor: Any = None,
) -> ChangeSet:
    """Keep an answer with who gave it, when and from where, and tell the owner of the deal.

    Refused (RuleViolation, nothing changed) where the quote is answered, superseded, over or not sent.
    An answer is a fact: it has no Undo.
    """
    status = QuoteStatus.ACCEPTED if accepted else QuoteStatus.DECLINED
    reason = _("Answered by the customer") if actor is None else _("Answer noted")
    with change_set(kind=ChangeSet.Kind.SYSTEM, actor=actor, reason=reason) as log:
        # The deal first: two versions accepted at once wait for one another.
        Deal._base_manager.select_for_update().get(pk=quote.deal_id)
        current = locked(quote)
        refuse_answer(current, accepted=accepted)
        log.update(
            quote,
            {
                "status": status,
                "answered_at": timezone.now(),
                "answered_name": name,
                "answered_email": email,
                "answered_ip": ip,
                "answer_note": note,
            },
        )
        owner = current.deal.owner
        if owner is not None and owner != actor:
            notify(
                user=owner,
                kind=NotificationKind.QUOTE,
                text=TEXTS[status],
                params={"name": name, "quote": str(quote)},
                url=quote.get_absolute_url(),
                dedupe=f"quote:{quote.pk}:{status}",
            )
    return log.row


def refuse_answer(quote: Quote, *, accepted: bool) -> None:
    """Why this quote takes no answer (any more)."""
    if quote.in_trash or quote.deal.in_trash or quote.is_draft:
        raise RuleViolation(_("This quote is not open for an answer."), code="closed")
    if quote.status in (QuoteStatus.ACCEPTED, QuoteStatus.DECLINED):
        raise RuleViolation(_("This quote was answered already."), code="answered")
    if quote.status == QuoteStatus.SUPERSEDED:
        raise RuleViolation(_("This quote was replaced by a newer version."), code="superseded")
    if quote.status == QuoteStatus.EXPIRED or ends_before(quote, today()):
        raise RuleViolation(_("This quote is no longer valid."), code="expired")
    others = Quote.objects.alive().filter(deal=quote.deal_id, status=QuoteStatus.ACCEPTED)
    if accepted and others.exclude(pk=quote.pk).exists():
        raise RuleViolation(_("Another quote of this deal is accepted already."), code="accepted")
