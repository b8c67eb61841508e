"""People, competitors, objections, close plans and reviews: lists, trash, history, panels, navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core import history, panels
from core.lists import ListSpec
from core.lists import register as register_list
from core.panels import Panel
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from core.trash import TrashKind, register_trash
from deals.filters.people import CompetitorFilters, ObjectionFilters
from deals.models import (
    ClosePlanStep,
    Competitor,
    DealCompetitor,
    DealContact,
    DealObjection,
    Objection,
    ObjectionAnswer,
    WinLossReview,
)
from deals.services import competition, library, people_data
from deals.tables.people import COMPETITORS, OBJECTIONS

PANELS = (
    ("people", _("People"), "deal_people", 20),
    ("close-plan", _("Close plan"), "deal_close_plan", 50),
    ("competitors", _("Competitors"), "deal_competition", 60),
    ("objections", _("Objections"), "deal_objections", 70),
)


def _parts(model: Any, link: str) -> Any:
    return lambda record: model._base_manager.filter(**{link: record.pk})


def register() -> None:
    """Called once."""
    competition.register()
    people_data.register()
    for part in (DealContact, DealCompetitor, DealObjection, ClosePlanStep, WinLossReview):
        history.register_part("deals.deal", _parts(part, "deal"))
    history.register_part("deals.objection", _parts(ObjectionAnswer, "objection"))
    _lists()
    _panels()
    register_trash(TrashKind("competitors", _("Competitors"), Competitor, library.restore))
    register_trash(TrashKind("objections", _("Objections"), Objection, library.restore))


def _lists() -> None:
    for key, model, table, filters, title, icon, field, position in (
        ("competitors", Competitor, COMPETITORS, CompetitorFilters, _("Competitors"), "shield-exclamation",
         "name", 44),
        ("objections", Objection, OBJECTIONS, ObjectionFilters, _("Objections"), "chat-bubble-left-right",
         "text", 46),
    ):  # fmt: skip
        name = model._meta.model_name
        register_list(ListSpec(key, model, table, filters, f"deals:{name}_list", today, title))
        register_search(
            Searchable(
                key, title, model, icon, f"deals:{name}_detail", lambda rows, text: rows.search(text),
                fields=(field,), order=(field, "pk"), list_url=f"deals:{name}_list", position=position,
            )
        )  # fmt: skip
    for label, url, icon in (
        (_("Go to competitors"), "deals:competitor_list", "shield-exclamation"),
        (_("Go to objections"), "deals:objection_list", "chat-bubble-left-right"),
        (_("Go to win/loss reviews"), "deals:review_report", "scale"),
    ):
        register_action(Action(label, url, icon, "deals.view_deal", 39))


def _panels() -> None:
    for key, title, name, order in PANELS:
        panels.register("deal", Panel(key, title, _address(name), "deals.view_deal", order))
    panels.register("deal", Panel("review", _("Win/loss review"), _review, "deals.view_deal", 90))


def _address(name: str) -> Any:
    return lambda deal: reverse(f"deals:{name}", args=[deal.pk])


def _review(deal: Any) -> str:
    """Of closed deals only."""
    return "" if deal.is_open else reverse("deals:deal_review", args=[deal.pk])
