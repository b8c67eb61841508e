"""Quotes with what their pages show beside them. Whoever reads asks for visibility on top."""

from __future__ import annotations

from typing import Any

from deals.constants import QuoteStatus
from deals.models import Deal, Quote


def quote_rows() -> Any:
    """Quotes with their deal, its customer and owner, and the person they are addressed to."""
    return Quote.objects.select_related("deal__customer", "deal__owner", "contact")


def quoted_deals() -> Any:
    """Deals with what a new quote takes from them."""
    return Deal.objects.select_related("customer", "owner")


def shared_quote(pk: int) -> Quote | None:
    """The quote behind a signed link, which is the permission; none where it was never sent or it or its
    deal was thrown away."""
    rows = quote_rows().alive().filter(pk=pk, deal__deleted_at=None)
    found: Quote | None = rows.exclude(status=QuoteStatus.DRAFT).first()
    return found
