"""The cards of a record page: each can be fetched by itself, so that a part is edited in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from core import history
from core.models import Record
from core.panels import panels_for
from core.views.access import is_fragment, visible_or_404
from customers.forms import CONTACT_GROUPS, groups_of
from customers.forms.base import FieldGroup
from customers.models import Contact, Customer
from customers.selectors import record as selectors
from customers.selectors.facts import Facts

Load = Callable[[Any, Any], dict[str, Any]]


@dataclass(frozen=True)
class Card:
    """`load(record, user)` gives what the template needs; `lazy` ones come after the page."""

    key: str
    title: Any
    template: str
    load: Load
    lazy: bool = False


def _facts(group: FieldGroup) -> Card:
    def load(record: Any, user: Any) -> dict[str, Any]:
        teller = _teller(record, user)
        # A group with no fields at all (no custom field is defined) has no card.
        exists = group.key != "custom" or bool(teller.definitions)
        return {"facts": teller.of(group.fields), "group": group, "exists": exists}

    return Card(f"facts-{group.key}", group.title, "customers/_facts.html", load)


def _teller(record: Any, user: Any) -> Facts:
    """One teller for all groups of a page, so that names are fetched once."""
    found = getattr(record, "_facts", None)
    if found is None:
        found = record._facts = Facts(record, user)
    return found


def _methods(record: Any, user: Any) -> dict[str, Any]:
    return {"methods": selectors.methods_of(record)}


def _consents(record: Any, user: Any) -> dict[str, Any]:
    return {"consents": selectors.consents_of(record)}


def _tags(record: Any, user: Any) -> dict[str, Any]:
    return {"tags": record.tags.all()}


def _people(record: Any, user: Any) -> dict[str, Any]:
    return {"members": selectors.memberships_of_customer(record, user)}


def _all_people(record: Any, user: Any) -> dict[str, Any]:
    return {"members": selectors.memberships_of_customer(record, user, limit=500)}


def _subsidiaries(record: Any, user: Any) -> dict[str, Any]:
    rows = Customer.objects.visible_to(user).filter(parent=record).order_by("sort_name", "pk")
    return {"subsidiaries": selectors.few(rows.select_related("stage"))}


def _highlights(record: Any, user: Any) -> dict[str, Any]:
    return {}  # the template reads the record; as a card it is fetched again after each activity


def _insights(record: Any, user: Any) -> dict[str, Any]:
    return {"insight": selectors.insight_of(record)}


def _history(record: Any, user: Any) -> dict[str, Any]:
    acts, more = history.acts(record, user, size=5)
    return {"acts": acts, "more": more}


def _memberships(record: Any, user: Any) -> dict[str, Any]:
    return {"members": selectors.memberships_of_contact(record, user)}


def _relations(record: Any, user: Any) -> dict[str, Any]:
    reports = Contact.objects.visible_to(user).filter(reports_to=record).order_by("sort_name", "pk")
    return {"relations": selectors.relations_of(record, user), "reports": list(reports[:20])}


def _dates(record: Any, user: Any) -> dict[str, Any]:
    return {"dates": list(record.important_dates.alive().order_by("on", "pk"))}


_SHARED = [
    Card("methods", _("How to reach"), "customers/_methods.html", _methods),
    Card("tags", _("Tags"), "customers/_tags.html", _tags),
    Card("consents", _("Consents"), "customers/_consents.html", _consents, lazy=True),
    Card("history", _("Changes"), "customers/_history.html", _history, lazy=True),
]
_CUSTOMER = [
    Card("highlights", _("Highlights"), "customers/_highlights.html", _highlights),
    Card("people", pgettext_lazy("of a customer", "People"), "customers/_people.html", _people),
    Card("subsidiaries", _("Subsidiaries"), "customers/_subsidiaries.html", _subsidiaries, lazy=True),
    Card("insights", _("At a glance"), "customers/_insights.html", _insights, lazy=True),
    *_SHARED,
]
_CONTACT = [
    Card("memberships", _("Companies"), "customers/_memberships.html", _memberships),
    Card("relations", _("Relations"), "customers/_relations.html", _relations, lazy=True),
    Card("dates", _("Important dates"), "customers/_dates.html", _dates, lazy=True),
    *_SHARED,
]


def cards_of(record: Customer | Contact) -> dict[str, Card]:
    """All cards of a record by key."""
    if isinstance(record, Customer):
        found = [_facts(group) for group in groups_of(record)] + _CUSTOMER
    else:
        found = [_facts(group) for group in CONTACT_GROUPS] + _CONTACT
    return {card.key: card for card in found}


def context(card: Card, record: Any, user: Any, *, now: bool) -> dict[str, Any]:
    """What a card's template gets; a lazy card on a whole page gets its address only."""
    kind = record._meta.model_name
    base = {"card": card, "record": record, "kind": kind, "can_edit": record.editable, "loaded": now}
    return base | (card.load(record, user) if now else {})


def page_cards(record: Any, user: Any) -> dict[str, dict[str, Any]]:
    """The contexts of all cards for the first view of the page, keyed by names templates can say."""
    return {
        key.replace("-", "_"): context(card, record, user, now=not card.lazy)
        for key, card in cards_of(record).items()
    }


def rows_of(model: type[Record], user: Any) -> Any:
    return selectors.customer_rows(user) if model is Customer else selectors.contact_rows(user)


def card_response(request: HttpRequest, model: type[Any], pk: int, key: str) -> HttpResponse:
    """One card, fresh: the answer to a fetch and to every saved part."""
    record = visible_or_404(request, model, pk, queryset=rows_of(model, request.user))
    card = cards_of(record).get(key)
    if card is None:
        raise Http404
    values = context(card, record, request.user, now=True)
    if is_fragment(request):
        notices = render_to_string("components/toasts.html", {"oob": True}, request)
        response = render(request, card.template, values)
        response.content += notices.encode()
        return response
    return render(request, "customers/card_page.html", values)


@login_required
@require_GET
def customer_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    return card_response(request, Customer, pk, card)


@login_required
@require_GET
def contact_card(request: HttpRequest, pk: int, card: str) -> HttpResponse:
    return card_response(request, Contact, pk, card)


def panels(record: Any, user: Any, page: str) -> dict[str, list[dict[str, Any]]]:
    """What higher apps show here, by place."""
    return {
        place: [
            {"key": panel.key, "title": panel.title, "url": panel.url(record)}
            for panel in panels_for(page, user, place=place)
        ]
        for place in ("main", "aside")
    }
