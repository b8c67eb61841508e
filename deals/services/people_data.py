"""What deals know about a person, and how they forget it; and the words about a customer in their parts.

The rows stay: how many people had a say and what decided are figures. The words go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.changes import ChangeLog, label_of
from core.models import Change, Record
from core.personal_data import register_eraser, register_source
from deals.models import ClosePlanStep, DealCompetitor, DealContact, DealObjection, WinLossReview

STEP = 500
#: Free texts that may name somebody, and what they become.
WORDS: dict[type[Record], dict[str, Any]] = {
    DealContact: {"note": ""},
    ClosePlanStep: {"note": ""},
    DealObjection: {"note": ""},
    DealCompetitor: {"strengths": "", "weaknesses": ""},
    WinLossReview: {"explanation": "", "quote": "", "lesson": ""},
}


def register() -> None:
    """Called once when the app is ready."""
    register_source("customers.contact", "deal_roles", _("People on deals"), rows=_roles)
    register_source("customers.contact", "close_plan", _("Close plans"), rows=_steps)
    register_source("customers.contact", "reviews", _("Win/loss reviews"), rows=_told)
    register_source("customers.customer", "reviews", _("Win/loss reviews"), rows=_reviews)
    register_source("customers.customer", "objections", _("Objections"), rows=_objections)
    register_eraser("customers.contact", forget_person)
    register_eraser("customers.customer", forget_customer)


def _roles(contact: Any) -> Iterator[dict[str, Any]]:
    for row in DealContact._base_manager.filter(contact=contact).select_related("deal").order_by("pk"):
        yield {
            "deal": row.deal.name,
            "role": row.role,
            "influence": row.influence,
            "stance": row.stance,
            "main_contact": row.is_primary,
            "note": row.note,
        }


def _steps(contact: Any) -> Iterator[dict[str, Any]]:
    for row in ClosePlanStep._base_manager.filter(contact=contact).select_related("deal").order_by("pk"):
        yield {"deal": row.deal.name, "step": row.title, "due_on": row.due_on, "done_on": row.done_on,
               "note": row.note}  # fmt: skip


def _told(contact: Any) -> Iterator[dict[str, Any]]:
    return _as_rows(WinLossReview._base_manager.filter(source=contact))


def _reviews(customer: Any) -> Iterator[dict[str, Any]]:
    return _as_rows(WinLossReview._base_manager.filter(deal__customer=customer))


def _as_rows(reviews: QuerySet[WinLossReview]) -> Iterator[dict[str, Any]]:
    for row in reviews.select_related("deal").order_by("pk").iterator(STEP):
        yield {"deal": row.deal.name, "decided": row.decided, "explanation": row.explanation,
               "quote": row.quote, "lesson": row.lesson, "reviewed_on": row.reviewed_on}  # fmt: skip


def _objections(customer: Any) -> Iterator[dict[str, Any]]:
    rows = DealObjection._base_manager.filter(deal__customer=customer)
    for row in rows.select_related("deal", "objection").order_by("pk").iterator(STEP):
        yield {"deal": row.deal.name, "objection": row.objection.text, "at": row.at, "note": row.note}


def forget_person(contact: Any, log: ChangeLog) -> None:
    """What was said of and by this person."""
    for model, relation in ((DealContact, "contact"), (ClosePlanStep, "contact"), (WinLossReview, "source")):
        _forget(model, Q(**{relation: contact}), {relation: None} if relation == "source" else {})


def forget_customer(customer: Any, log: ChangeLog) -> None:
    for model in WORDS:
        _forget(model, Q(deal__customer=customer), {})


def _forget(model: Any, whose: Q, more: dict[str, Any]) -> None:
    """Written past the log on purpose: it must not keep the values that are being erased."""
    ids = list(model._base_manager.filter(whose).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), STEP):
        chunk = ids[start : start + STEP]
        model._base_manager.filter(pk__in=chunk).update(
            **WORDS[model], **more, version=F("version") + 1, updated_at=timezone.now()
        )
        Change.objects.filter(model=label_of(model), object_id__in=chunk).delete()
