"""The cards of a deal's page: each can be fetched by itself, so that a part is edited in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core import history
from core.panels import panels_for
from core.views.access import is_fragment, visible_or_404
from customers.forms.base import FieldGroup
from deals.forms.deals import GROUPS
from deals.models import Deal
from deals.selectors import record as selectors
from deals.selectors.facts import DealFacts


@dataclass(frozen=True)
class Card:
    """`load(deal, user)` gives what the template needs; `lazy` ones come after the page."""

    key: str
    title: Any
    template: str
    load: Callable[[Deal, Any], dict[str, Any]]
    lazy: bool = False


def _facts(group: FieldGroup) -> Card:
    def load(deal: Deal, user: Any) -> dict[str, Any]:
        teller = _teller(deal, user)
        # No custom field is defined, or the deal is open: a group with no fields has no card.
        exists = {"custom": bool(teller.definitions), "outcome": not deal.is_open}.get(group.key, True)
        return {"facts": teller.of(group.fields) if exists else [], "group": group, "exists": exists}

    return Card(f"facts-{group.key}", group.title, "deals/_deal_facts.html", load)


def _teller(deal: Any, user: Any) -> DealFacts:
    """One teller for all groups of a page, so that names are fetched once."""
    if not hasattr(deal, "_facts"):
        deal._facts = DealFacts(deal, user)
    return deal._facts


def _highlights(deal: Deal, user: Any) -> dict[str, Any]:
    return {"items": selectors.highlights(deal)}


def _tags(deal: Deal, user: Any) -> dict[str, Any]:
    return {"tags": deal.tags.all()}


def _insights(deal: Deal, user: Any) -> dict[str, Any]:
    return {"insight": selectors.insight_of(deal)}


def _history(deal: Deal, user: Any) -> dict[str, Any]:
    acts, more = history.acts(deal, user, size=5)
    return {"acts": acts, "more": more}


CARDS = {
    card.key: card
    for card in (
        *(_facts(group) for group in GROUPS),
        Card("highlights", _("Highlights"), "deals/_deal_highlights.html", _highlights),
        Card("tags", _("Tags"), "deals/_deal_tags.html", _tags),
        Card("insights", _("At a glance"), "deals/_deal_insights.html", _insights, lazy=True),
        Card("history", _("Changes"), "deals/_deal_history.html", _history, lazy=True),
    )
}


def context(card: Card, deal: Any, user: Any, *, now: bool) -> dict[str, Any]:
    """What a card's template gets; a lazy card on a whole page gets its address only."""
    base = {"card": card, "record": deal, "can_edit": deal.editable, "loaded": now}
    return base | (card.load(deal, user) if now else {})


def page_cards(deal: Deal, user: Any) -> dict[str, dict[str, Any]]:
    """The contexts of all cards for the first view of the page, keyed by names templates can say."""
    return {
        key.replace("-", "_"): context(card, deal, user, now=not card.lazy) for key, card in CARDS.items()
    }


def panels(deal: Deal, user: Any) -> dict[str, list[dict[str, Any]]]:
    """What other subjects and higher apps show here, by place."""
    return {
        place: [
            {"key": panel.key, "title": panel.title, "url": url}
            for panel in panels_for("deal", user, place=place)
            if (url := panel.url(deal))  # none: it has nothing to say about this deal
        ]
        for place in ("main", "aside")
    }


def card_response(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One card, fresh: the answer to a fetch and to every saved part."""
    deal = visible_or_404(request, Deal, pk, queryset=selectors.deal_rows(request.user))
    card = CARDS.get(key)
    if card is None:
        raise Http404
    values = context(card, deal, request.user, now=True)
    if is_fragment(request):
        notices = render_to_string("components/toasts.html", {"oob": True}, request)
        response = render(request, card.template, values)
        response.content += notices.encode()
        return response
    return render(request, "deals/deal_card.html", values)


@login_required
@require_GET
def deal_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    return card_response(request, pk, card)
