"""Reads of people and teams for the administrators' pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Team, User

PER_PAGE = 50


def people(*, search: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """People with their team and whether they use a second step; by name."""
    rows = User.objects.select_related("team").annotate(
        has_second_step=Exists(Authenticator.objects.filter(user=OuterRef("pk")))
    )
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(email__icontains=search))
    if role:
        rows = rows.filter(role=role)
    if state == "active":
        rows = rows.filter(is_active=True, invited_at=None)
    elif state == "invited":
        rows = rows.filter(is_active=True, invited_at__isnull=False)
    elif state == "inactive":
        rows = rows.filter(is_active=False)
    return rows.order_by("-is_active", "name", "pk")


@dataclass(frozen=True)
class TeamRow:
    """A team with its place in the tree."""

    team: Team
    parent_name: str
    depth: int
    members: int

    @property
    def marks(self) -> range:
        """One mark for each team above."""
        return range(self.depth)


def team_tree() -> list[TeamRow]:
    """All teams, each after the one it is part of."""
    children: dict[int | None, list[Any]] = {}
    teams = Team.objects.annotate(members_count=Count("members", filter=Q(members__is_active=True))).order_by(
        "name", "pk"
    )
    for team in teams:
        children.setdefault(team.parent_id, []).append(team)
    rows: list[TeamRow] = []

    def walk(parent: Team | None, depth: int) -> None:
        for team in children.get(parent.pk if parent else None, []):
            rows.append(TeamRow(team, parent.name if parent else "", depth, team.members_count))
            walk(team, depth + 1)

    walk(None, 0)
    return rows
