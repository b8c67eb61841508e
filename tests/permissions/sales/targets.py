"""Targets: everybody in sales reads those in reach, whoever leads sales sets them."""

from __future__ import annotations

from typing import Any

from tests.factories import deals as made
from tests.permissions.rules import EVERYBODY, LEAD, LEADERS, SEE, act, form, page

ROWS = {
    "deals:settings": form(LEADERS),
    "deals:target_list": page(EVERYBODY, collection=True),
    "deals:targets_today": page(EVERYBODY),
    "deals:target_create": form(LEADERS),
    "deals:target_goals": form(LEADERS),
    "deals:target_proposals": form(LEADERS),
    "deals:target_detail": page(SEE, "target"),
    "deals:target_update": form(LEAD, "target"),
    "deals:target_delete": form(LEAD, "target"),
    "deals:planline_create": form(LEAD, "target"),
    "deals:planline_update": form(LEAD, "planline"),
    "deals:planline_delete": form(LEAD, "planline"),
    "deals:planline_done": act(LEAD, "planline"),
    "deals:improvementaction_create": form(LEAD, "target"),
    "deals:improvementaction_update": form(LEAD, "improvementaction"),
    "deals:improvementaction_delete": form(LEAD, "improvementaction"),
}


def target(world: Any, owner: Any) -> Any:
    """Of a team: a person has one target of a measure and period, teams are told apart by channel."""
    channel = f"Channel {made.TargetFactory._meta.model._base_manager.count()}"  # type: ignore[attr-defined]
    return made.TargetFactory(team=owner.team, owner=None, channel=channel)


MAKERS = {
    "target": target,
    "planline": lambda world, owner: made.PlanLineFactory(target=target(world, owner)),
    "improvementaction": lambda world, owner: made.ImprovementActionFactory(target=target(world, owner)),
}
