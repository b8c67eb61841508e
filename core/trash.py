"""Which records the trash page shows, and how each kind comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core.changes import label_of
from core.models import Change, ChangeSet, Record

Restore = Callable[..., ChangeSet]


@dataclass(frozen=True)
class TrashKind:
    """One tab of the trash page. `restore(record, actor=…)` is the service that brings one back."""

    key: str
    title: Any
    model: type[Record]
    restore: Restore


_kinds: dict[str, TrashKind] = {}


def register_trash(kind: TrashKind) -> None:
    _kinds[kind.key] = kind


def kinds() -> list[TrashKind]:
    return list(_kinds.values())


def kind_named(key: str) -> TrashKind | None:
    return _kinds.get(key)


def trashed(kind: TrashKind, user: Any, *, everyone: bool = False) -> QuerySet:
    """What this person could restore: what they put there, or all of it for administrators.

    The losers of a merge are not here: unmerge brings them back with all that is theirs.
    """
    manager: Any = kind.model._default_manager
    rows = manager.restorable_by(user)
    if hasattr(kind.model, "merged_into"):
        rows = rows.filter(merged_into=None)
    if not everyone:
        mine = Change.objects.filter(
            model=label_of(kind.model),
            object_id=OuterRef("pk"),
            after__has_key="deleted_at",
            change_set__actor=user,
        )
        rows = rows.filter(Exists(mine))
    return rows.order_by("-deleted_at", "-pk")
