"""An accepted quote wins its deal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.changes import change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.constants import QuoteStatus
from deals.models import Deal, Quote
from deals.selectors.lines import lines_of
from deals.services.lines import copied, write_lines
from deals.services.stages import lock, win_deal


def win_with_quote(quote: Quote, *, actor: Any) -> ChangeSet:
    """Mark the deal as won at what the customer accepted: the lines of the quote become its lines."""
    if quote.status != QuoteStatus.ACCEPTED:
        raise RuleViolation(_("Only an accepted quote wins the deal."), code="state")
    reason = _("Quote %s accepted") % quote
    with change_set(kind=ChangeSet.Kind.STAGE, actor=actor, reason=reason) as log:
        deal = Deal._base_manager.select_related("stage", "pipeline", "customer").get(pk=quote.deal_id)
        lock(deal)
        if not deal.is_open:
            raise RuleViolation(_("This deal is closed already."), code="closed")
        if deal.currency != quote.currency:
            raise RuleViolation(_("The deal is in another currency than the quote."), code="currency")
        rows = copied(lines_of(quote))
        if rows != copied(lines_of(deal)):
            write_lines(deal, rows, log=log)
        win_deal(deal, actor=actor, log=log)
    return log.row
