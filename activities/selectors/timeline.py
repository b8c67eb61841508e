"""One history for a customer or a contact: activities, tasks done and moves through the funnel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from activities.constants import TIMELINE_PAGE, ActivityKind
from activities.models import Activity, Task
from customers.models import Contact, Customer, StageChange
from deals.models import Deal, DealStageChange

TASK, STAGE = "task", "stage"
KINDS = (*ActivityKind.values, TASK, STAGE)
# At the same moment: the move first, then the task, then what was written about it.
RANKS = {"activity": 0, TASK: 1, STAGE: 2}


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `source` is activity, task or stage."""

    source: str
    at: datetime
    record: Any

    @property
    def key(self) -> tuple[datetime, int, int]:
        return self.at, RANKS[self.source], self.record.pk

    @property
    def kind(self) -> str:
        return self.record.kind if self.source == "activity" else self.source

    @property
    def cursor(self) -> str:
        return f"{self.at.isoformat()}~{RANKS[self.source]}~{self.record.pk}"


@dataclass(frozen=True)
class Day:
    """The entries of one day of the reader's time zone, newest first."""

    on: date
    entries: list[Entry]


@dataclass(frozen=True)
class Timeline:
    days: list[Day]
    older: str  # cursor of the next page, empty on the last one
    kind: str

    @property
    def empty(self) -> bool:
        return not self.days


def customer_timeline(customer: Customer, user: Any, *, kind: str = "", before: str = "") -> Timeline:
    """A page of a customer's history; `before` is the cursor of the page above."""
    cursor = parse_cursor(before)
    sources = {
        "activity": Activity.objects.visible_to(user).filter(customer=customer).for_timeline(user),
        TASK: Task.objects.visible_to(user).filter(customer=customer).done().with_people(),
        STAGE: StageChange.objects.filter(customer=customer).select_related("from_stage", "to_stage", "by"),
    }
    return _page(sources, kind, cursor)


def contact_timeline(contact: Contact, user: Any, *, kind: str = "", before: str = "") -> Timeline:
    """What a person took part in, at whichever customer."""
    cursor = parse_cursor(before)
    sources = {
        "activity": Activity.objects.visible_to(user).filter(contacts=contact).for_timeline(user),
        TASK: Task.objects.visible_to(user).filter(contact=contact).done().with_people(),
    }
    return _page(sources, kind, cursor)


def deal_timeline(deal: Deal, user: Any, *, kind: str = "", before: str = "") -> Timeline:
    """What happened on a deal: activities, tasks done and its moves."""
    moves = DealStageChange.objects.filter(deal=deal).select_related("from_stage", "to_stage", "by")
    sources = {
        "activity": Activity.objects.visible_to(user).filter(deal=deal).for_timeline(user),
        TASK: Task.objects.visible_to(user).filter(deal=deal).done().with_people(),
        STAGE: moves,
    }
    return _page(sources, kind, parse_cursor(before))


def recent_activities(user: Any, *, kind: str = "", mine: bool = False, before: str = "") -> Timeline:
    """What happened lately with all the customers this person sees."""
    rows = Activity.objects.visible_to(user).for_timeline(user)
    rows = rows.filter(author=user) if mine else rows
    return _page({"activity": rows}, kind, parse_cursor(before))


def parse_cursor(text: str) -> tuple[datetime, int, int] | None:
    """The key a cursor stands for; None where it is not one of ours."""
    moment, _sep, rest = text.partition("~")
    rank, _sep, pk = rest.partition("~")
    try:
        at = parse_datetime(moment.replace(" ", "+"))
    except ValueError:
        return None
    if (
        at is None
        or timezone.is_naive(at)
        or not (rank.isascii() and rank.isdigit() and pk.isascii() and pk.isdigit())
    ):
        return None
    return at, int(rank[:2]), int(pk[:18])


def _page(sources: Mapping[str, QuerySet], kind: str, cursor: tuple[datetime, int, int] | None) -> Timeline:
    entries: list[Entry] = []
    for source, rows in sources.items():
        entries += _entries(source, rows, kind, cursor)
    entries.sort(key=lambda entry: entry.key, reverse=True)
    shown = entries[:TIMELINE_PAGE]
    older = shown[-1].cursor if len(entries) > TIMELINE_PAGE else ""
    return Timeline(days=list(by_day(shown)), older=older, kind=kind)


def _entries(
    source: str, rows: QuerySet, kind: str, cursor: tuple[datetime, int, int] | None
) -> Iterator[Entry]:
    if kind and source == "activity" and kind in ActivityKind.values:
        rows = rows.filter(kind=kind)
    elif kind and source != kind:
        return
    column = "done_at" if source == TASK else "at"
    if cursor:
        rows = rows.filter(_before(column, RANKS[source], cursor))
    for row in rows.order_by(f"-{column}", "-pk")[: TIMELINE_PAGE + 1]:
        yield Entry(source, getattr(row, column), row)


def _before(column: str, rank: int, cursor: tuple[datetime, int, int]) -> Q:
    at, cursor_rank, pk = cursor
    if rank < cursor_rank:
        return Q(**{f"{column}__lte": at})
    earlier = Q(**{f"{column}__lt": at})
    return earlier | Q(**{column: at, "pk__lt": pk}) if rank == cursor_rank else earlier


def by_day(entries: Iterable[Entry]) -> Iterator[Day]:
    """Group by the day it was where the reader sits."""
    for on, group in groupby(entries, key=lambda entry: timezone.localtime(entry.at).date()):
        yield Day(on, list(group))
