"""What search and the palette (Ctrl+K) look in. Each app registers its own kinds and actions.

register(Searchable("customers", _("Customers"), Customer, "building-office-2", …))
register_action(Action(_("New customer"), "customers:customer_create", "plus", …))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from core.models.recent import RecentRecord
from core.text import fold

KEPT = 30  # recently opened records remembered for each person


@dataclass(frozen=True)
class Searchable:
    """A kind of record. `search(rows, text)` narrows; `fields` are read, `title` and `note` say
    what is shown of them; `order` puts the best first."""

    key: str
    label: Any
    model: type[Model]
    icon: str
    url: str
    search: Callable[[Any, str], QuerySet]
    fields: tuple[str, ...] = ("name",)
    note: Callable[[dict[str, Any]], str] = lambda row: ""
    order: tuple[str, ...] = ("pk",)
    list_url: str = ""
    position: int = 50

    def rows(self, user: Any) -> QuerySet:
        return self.model._default_manager.visible_to(user)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Action:
    """Something to do or a page to go to."""

    label: Any
    url: str
    icon: str
    permission: str = ""
    position: int = 50


@dataclass(frozen=True)
class Hit:
    title: str
    url: str
    icon: str
    note: str = ""


_kinds: dict[str, Searchable] = {}
_actions: dict[str, Action] = {}


def register(kind: Searchable) -> None:
    _kinds[kind.key] = kind


def register_action(action: Action) -> None:
    _actions[f"{action.url} {action.icon}"] = action


def kinds() -> list[Searchable]:
    return sorted(_kinds.values(), key=lambda kind: (kind.position, kind.key))


def hits(kind: Searchable, user: Any, text: str, limit: int) -> list[Hit]:
    """The records of one kind in which every word is found, one query.

    The rows are found before they are sorted: a common word has many, and sorting them all
    would take longer than anybody waits. Those whose name begins with the text come first.
    """
    found = kind.search(kind.rows(user), text).order_by()[: max(limit * 20, 200)]
    rows = list(
        kind.model._base_manager.filter(pk__in=found.values("pk"))
        .order_by(*kind.order)
        .values("pk", *kind.fields)
    )
    start = fold(text)
    rows.sort(key=lambda row: not fold(str(row[kind.fields[0]])).startswith(start))
    return [_hit(kind, row) for row in rows[:limit]]


def _hit(kind: Searchable, row: dict[str, Any]) -> Hit:
    return Hit(str(row[kind.fields[0]]), reverse(kind.url, args=[row["pk"]]), kind.icon, kind.note(row))


def actions(user: Any, text: str = "") -> list[Hit]:
    """Actions this person may do whose words contain the text."""
    wanted = fold(text).split()
    found = []
    for action in sorted(_actions.values(), key=lambda a: a.position):
        if action.permission and not user.has_perm(action.permission):
            continue
        label = str(action.label)
        if not all(word in fold(label) for word in wanted):
            continue
        try:
            found.append(Hit(label, reverse(action.url), action.icon))
        except NoReverseMatch:
            continue
    return found


def remember(user: Any, record: Model) -> None:
    """Note that a record was opened; one statement for one that was opened before."""
    key = {"user": user, "model": record._meta.label_lower, "object_id": record.pk}
    if RecentRecord.objects.filter(**key).update(at=timezone.now()):
        return
    RecentRecord.objects.bulk_create([RecentRecord(**key)], ignore_conflicts=True)
    rows = RecentRecord.objects.filter(user=user).order_by("-at", "-pk")
    stale = list(rows.values_list("pk", flat=True)[KEPT : KEPT + 20])
    if stale:
        RecentRecord.objects.filter(pk__in=stale).delete()


def recent(user: Any, limit: int = 8) -> list[Hit]:
    """Records opened lately that this person may still see; one query a kind."""
    rows = list(
        RecentRecord.objects.filter(user=user)
        .order_by("-at", "-pk")
        .values_list("model", "object_id")[:limit]
    )
    found: dict[tuple[str, int], Hit] = {}
    for kind in kinds():
        label = kind.model._meta.label_lower
        ids = [pk for model, pk in rows if model == label]
        if ids:
            for row in kind.rows(user).filter(pk__in=ids).order_by().values("pk", *kind.fields):
                found[label, row["pk"]] = _hit(kind, row)
    return [found[key] for key in rows if key in found]
