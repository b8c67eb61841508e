"""People on a deal: who has a say, and which of them is the main contact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.changes import ChangeLog, change_set
from core.models import ChangeSet
from deals.models import Deal, DealContact
from deals.services.stages import lock

Kind = ChangeSet.Kind


def add_person(deal: Deal, *, values: Mapping[str, Any], actor: Any) -> DealContact:
    """Put a contact on the deal. The first person is the main contact."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        lock(deal)
        person = DealContact(deal=deal, **values)
        person.is_primary = person.is_primary or not _main(deal).exists()
        _make_room(person, log)
        log.create(person)
    return person


def update_person(
    person: DealContact, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        lock(person.deal)
        if values.get("is_primary"):
            _make_room(DealContact(pk=person.pk, deal=person.deal, is_primary=True), log)
        log.update(person, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def _main(deal: Deal) -> Any:
    return DealContact.objects.alive().filter(deal=deal, is_primary=True)


def _make_room(person: DealContact, log: ChangeLog) -> None:
    """There is one main contact: the one before steps back."""
    if person.is_primary:
        for other in _main(person.deal).exclude(pk=person.pk):
            log.update(other, {"is_primary": False}, validate=False)
