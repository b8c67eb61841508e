"""Tags on customers and contacts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.changes import change_set
from core.importing.values.words import clean_text
from core.models import ChangeSet
from customers.models import Contact, Customer, Tag

LONGEST = Tag._meta.get_field("name").max_length


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The tags with these names, made where they do not exist yet; case does not matter."""
    wanted: dict[str, str] = {}
    for name in names:
        cleaned = clean_text(name)[:LONGEST]
        if cleaned:
            wanted.setdefault(cleaned.lower(), cleaned)
    known = {tag.name.lower(): tag for tag in Tag.objects.filter(name__in=wanted.values())}
    found = []
    for key, name in wanted.items():
        tag = known.get(key) or Tag.objects.filter(name__iexact=name).first()
        found.append(tag or Tag.objects.create(name=name, colour=len(key) % 8))
    return found


def set_tags(
    owner: Customer | Contact, *, names: Iterable[str], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Replace the tags; returns None where nothing differs."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
        log.update(owner, {"tags": tags_named(names)}, expected_version=expected_version)
    return log.row if log.row.pk else None
