"""Whose work a page shows, one's own or the team's, and whom a person works for."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.constants import SEE_TEAM, Kind, Level
from accounts.models import User
from accounts.visibility import access
from customers.models import Contact, Customer, Membership

MINE, TEAM = "mine", "team"
MOST_EMPLOYERS = 20


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


def employers_of(contact: Contact, user: Any) -> list[Customer]:
    """The customers a person works for and the reader sees: present before former, the main one first."""
    seen = Customer.objects.visible_to(user).values("pk")
    links = Membership.objects.filter(contact=contact, deleted_at=None, customer__in=seen)
    order = (F("until").desc(nulls_first=True), "-primary", "pk")
    return [link.customer for link in links.select_related("customer").order_by(*order)[:MOST_EMPLOYERS]]
