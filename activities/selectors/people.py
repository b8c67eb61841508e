"""Whose work a page shows: one's own, or the team's."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.constants import SEE_TEAM, Kind, Level
from accounts.models import User
from accounts.visibility import access

MINE, TEAM = "mine", "team"


def scope_of(user: Any, asked: str) -> str:
    """The scope asked for, if this person leads or watches others; else their own."""
    return TEAM if asked == TEAM and user.has_perm(SEE_TEAM) else MINE


def owned_by(rows: QuerySet, user: Any, scope: str, *, prefix: str = "") -> QuerySet:
    """Rows whose owner is the person, or anyone of their team."""
    if scope == MINE:
        return rows.filter(**{f"{prefix}owner": user.pk})
    if access(user).level(Kind.CUSTOMER) == Level.ALL:
        return rows
    teams = access(user).team_ids
    return rows.filter(
        Q(**{f"{prefix}owner": user.pk})
        | Q(**{f"{prefix}owner__team__in": teams})
        | Q(**{f"{prefix}team__in": teams})
    )


def team_members(user: Any) -> QuerySet[User]:
    """The people whose tasks this person may look at."""
    active = User.objects.filter(is_active=True)
    if access(user).level(Kind.ACTIVITY) == Level.ALL:
        return active
    return active.filter(Q(pk=user.pk) | Q(team__in=access(user).team_ids))
