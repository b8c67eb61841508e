"""Targets: their history, the trash, what stands on Today, and what the night does with them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import history
from core.panels import Panel
from core.panels import register as register_panel
from core.search_registry import Action, register_action
from core.trash import TrashKind, register_trash
from deals.models import ImprovementAction, PlanLine, Target
from deals.services import target_nightly  # noqa: F401  the night registers itself
from deals.services.targets import restore_target


def _plan(target: Any) -> Any:
    return PlanLine._base_manager.filter(target=target.pk)


def _improvements(target: Any) -> Any:
    return ImprovementAction._base_manager.filter(target=target.pk)


def register() -> None:
    """Called once."""
    history.register_part("deals.target", _plan)
    history.register_part("deals.target", _improvements)
    register_trash(TrashKind("targets", _("Targets"), Target, restore_target))
    register_action(Action(_("Go to targets"), "deals:target_list", "flag", "deals.view_target", 38))
    register_panel(
        "today",
        Panel(
            key="targets",
            title=_("Targets so far"),
            url=lambda _page: reverse("deals:targets_today"),
            permission="deals.view_target",
            order=50,
        ),
    )
