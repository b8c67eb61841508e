"""Deals whose expected close was moved later: how often, how far and by whom they are owned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, QuerySet, Sum

from accounts.clock import day_bounds
from accounts.models import User
from deals.models import CloseDateChange, Deal

MOST = 50


@dataclass(frozen=True)
class OwnerSlips:
    pk: int | None
    name: str
    deals: int
    pushes: int
    days: int

    @property
    def days_each(self) -> float:
        return self.days / self.pushes


@dataclass(frozen=True)
class DealSlips:
    deal: Deal
    pushes: int
    days: int


@dataclass(frozen=True)
class Slips:
    deals: int
    pushes: int
    days: int
    earlier: int  # moves to an earlier day, for comparison
    owners: list[OwnerSlips]
    pushed: list[DealSlips]  # the MOST pushed most often


def slips(user: Any, start: date, end: date) -> Slips:
    """Of the deals this person may see, moves made on the days [start, end)."""
    deals = Deal.objects.visible_to(user).order_by()
    first, after = day_bounds(start)[0], day_bounds(end)[0]
    moves = CloseDateChange.objects.filter(
        at__gte=first, at__lt=after, deal__in=deals.values("pk")
    ).order_by()
    pushes = moves.filter(to_date__gt=F("from_date"))
    owners = _owners(pushes)
    return Slips(
        deals=sum(row.deals for row in owners),
        pushes=sum(row.pushes for row in owners),
        days=sum(row.days for row in owners),
        earlier=moves.filter(to_date__lt=F("from_date")).count(),
        owners=owners,
        pushed=_pushed(pushes),
    )


def _counted(pushes: QuerySet, key: str) -> QuerySet:
    length = ExpressionWrapper(F("to_date") - F("from_date"), output_field=DurationField())
    return pushes.values(place=F(key)).annotate(
        moves=Count("pk"), deals=Count("deal", distinct=True), length=Sum(length)
    )


def _owners(pushes: QuerySet) -> list[OwnerSlips]:
    rows = list(_counted(pushes, "deal__owner"))
    names = dict(User.objects.filter(pk__in=[row["place"] for row in rows]).values_list("pk", "name"))
    found = [
        OwnerSlips(row["place"], names.get(row["place"], ""), row["deals"], row["moves"], _days(row))
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.pushes, -row.days, row.name))


def _pushed(pushes: QuerySet) -> list[DealSlips]:
    rows = list(_counted(pushes, "deal").order_by("-moves", "-length", "place")[:MOST])
    deals = Deal.objects.select_related("owner", "stage").in_bulk([row["place"] for row in rows])
    return [DealSlips(deals[row["place"]], row["moves"], _days(row)) for row in rows]


def _days(row: dict[str, Any]) -> int:
    return row["length"] // timedelta(days=1)
