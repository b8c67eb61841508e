"""Contacts of a chunk, whichever file they stand in: found, made, filled up, placed in companies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.changes import ChangeLog
from core.imports import outcome as o
from core.imports.outcome import Outcome
from core.imports.seen import Seen
from customers.imports.drafts import Draft, write_contacts, write_memberships
from customers.imports.existing import Existing
from customers.imports.match import ContactIndex, Hit
from customers.models import Contact, Membership

#: A company or contact that may not have an id yet.
Ref = Draft | int


class People:
    """Judges contacts row by row and writes them all at the end of the chunk."""

    def __init__(
        self, actor: Any, *, order: list[str], origin: int | None, trial: bool, overwrite: bool
    ) -> None:
        self.trial = trial
        self.index = ContactIndex(order, origin=origin, seen=Seen() if trial else None)
        self.existing = Existing(Contact, actor, overwrite=overwrite, trial=trial)

    def load(self, drafts: Iterable[Draft], companies: Iterable[int]) -> None:
        """Read what the contacts of this chunk may be, and who is in the companies it matched."""
        self.new: list[Draft] = []
        self.links: list[tuple[Ref, Ref]] = []
        self.index.load([draft.keys for draft in drafts])
        self.existing.load(self.index.hits.values())
        rows = Membership._base_manager.filter(deleted_at=None)
        self.placed: set[tuple[Any, Any]] = set()
        if self.index.hits:
            found = rows.filter(contact_id__in=self.index.hits)
            self.placed = set(found.values_list("contact_id", "customer_id"))
        companies = list(companies)
        self.peopled: set[Any] = set()
        if companies:
            found = rows.filter(customer_id__in=companies)
            self.peopled = set(found.values_list("customer_id", flat=True).distinct())

    def find(self, draft: Draft) -> Hit | None:
        return self.index.find(draft.keys)

    def create(self, draft: Draft, company: Ref | None) -> None:
        """Make a contact, perhaps in a company."""
        self.new.append(draft)
        self.index.add(draft.keys, Hit(new=draft, row=draft.row, own=True))
        self.place(draft, company)

    def fill(self, hit: Hit, draft: Draft, company: Ref | None) -> bool:
        """Fill up a contact that is there; whether anything is new."""
        if hit.new is not None:
            changed = hit.new.fill(draft.said(), overwrite=self.existing.overwrite)
            changed |= bool(hit.new.add_methods(draft.methods)) | hit.new.add_tags(draft.tags)
            return self.place(hit.new, company) or changed
        if hit.pk:
            changed = self.existing.add(hit.pk, draft)
            return self.place(hit.pk, company) or changed
        return True  # an earlier row of a trial

    def judge(self, draft: Draft, company: Ref | None) -> str:
        """For a contact that comes with its company's row: made, filled up or left alone."""
        hit = self.find(draft)
        if hit is None:
            self.create(draft, company)
            return o.CREATED
        if hit.pk and hit.pk not in self.existing.editable:
            return o.SKIPPED
        return o.UPDATED if self.fill(hit, draft, company) else o.UNCHANGED

    def place(self, contact: Ref, company: Ref | None) -> bool:
        """Note a membership unless it is there."""
        if company is None:
            return False
        key = (_mark(contact), _mark(company))
        if key in self.placed:
            return False
        self.placed.add(key)
        self.links.append((contact, company))
        return True

    def write(self, log: ChangeLog | None, outcome: Outcome, *, reason: str) -> None:
        """Write contacts and memberships; the companies have their ids by now."""
        outcome.make("customers.contact", len(self.new))
        if log is None:
            return
        write_contacts(self.new, log)
        self.existing.write(log, reason=reason)
        rows = []
        for contact, company in self.links:
            main = _mark(company) not in self.peopled
            self.peopled.add(_mark(company))
            rows.append((_pk(contact), _pk(company), main))
        write_memberships(rows, log)


def _mark(ref: Ref) -> Any:
    return ref if isinstance(ref, int) else id(ref)


def _pk(ref: Ref) -> int:
    return ref if isinstance(ref, int) else ref.pk
