"""Other customers that rows name: the parent company, and who referred them. They may stand later
in the file than the rows that name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.changes import ChangeLog
from core.importing.readers import Row
from core.imports.outcome import PENDING, WARNING, Outcome
from core.imports.parsed import Reason
from core.imports.seen import Seen
from core.models import ImportRow, ImportRun
from customers.constants import CustomerKind
from customers.imports.drafts import Draft
from customers.models import Customer
from customers.services.derived import sort_name

PARENT, REFERRED_BY = "parent", "referred_by"
FIELDS = (PARENT, REFERRED_BY)
_STEP = 1_000


class Link(NamedTuple):
    """A row that names another customer, by its number or its name."""

    field: str
    name: str
    row: Row
    child: Draft | int | None  # None: an earlier row of a trial

    @property
    def child_id(self) -> int:
        return self.child.pk if isinstance(self.child, Draft) else self.child or 0


class Links:
    """Finds named customers and, in earnest, sets them. A trial says which will not be found."""

    def __init__(self, run: ImportRun, actor: Any, *, trial: bool) -> None:
        self.run = run
        self.actor = actor
        self.trial = trial
        #: What the rows of a trial so far would be found by.
        self.seen = Seen()

    def note(self, new: Iterable[Draft]) -> None:
        """On a trial: these customers would be there."""
        for draft in new:
            company = draft.values.get("kind") != CustomerKind.PERSON
            for field in FIELDS if company else (REFERRED_BY,):
                for key in (draft.values.get("external_id"), sort_name(draft.values["name"])):
                    if key:
                        self.seen.add((field, key), draft.row)

    def connect(self, wanted: Sequence[Link], outcome: Outcome, log: ChangeLog | None) -> None:
        """Set those that are there; the others wait as rows of the run for the end of the file."""
        for field in FIELDS:
            links = [link for link in wanted if link.field == field]
            found = self._find(field, {link.name for link in links})
            if log is not None:
                pairs = [(link.child_id, found[link.name]) for link in links if link.name in found]
                self._set(field, pairs, log)
            outcome.stored += [self._waiting(link) for link in links if link.name not in found]

    def _waiting(self, link: Link) -> ImportRow:
        return ImportRow(
            number=link.row.number,
            outcome=PENDING,
            reason=link.name[:300],
            cells=[*link.row.values],
            trial=self.trial,
            match={"field": link.field, "child": link.child_id},
        )

    def finish(self, outcome: Outcome, log: ChangeLog | None) -> None:
        """At the end of the file: set those that have come since, tell of those that have not."""
        waiting = ImportRow.objects.filter(run=self.run, outcome=PENDING, trial=self.trial).order_by("pk")
        rows = [(row, row.match or {}) for row in waiting]
        for start in range(0, len(rows), _STEP):
            for field in FIELDS:
                page = [item for item in rows[start : start + _STEP] if item[1]["field"] == field]
                found = self._find(field, {row.reason for row, _match in page})
                if log is not None:
                    pairs = [(match["child"], found[r.reason]) for r, match in page if r.reason in found]
                    self._set(field, pairs, log)
                for row, _match in page:
                    if row.reason not in found:
                        told = _missing(field, row.reason)
                        outcome.tell(WARNING, Row(row.number, row.cells), [told])
        waiting.delete()

    def _find(self, field: str, names: set[str]) -> dict[str, int]:
        """Customers by what they are called in the file: those of this import and those the person
        may see; by number first, then by name. 0 stands for one that the trial has seen."""
        if not names:
            return {}
        keys = {name: sort_name(name) for name in names}
        rows = Customer._base_manager.filter(deleted_at=None).order_by("-pk")
        if field == PARENT:
            rows = rows.filter(kind=CustomerKind.COMPANY)
        named = rows.filter(sort_name__among=list(keys.values()))
        numbered = rows.filter(external_id__among=list(names))
        by_name = self._visible(named, "sort_name")
        by_number = self._visible(numbered, "external_id")
        found = {name: by_number.get(name) or by_name.get(key) for name, key in keys.items()}
        if self.trial:
            for name, key in keys.items():
                if self.seen.get((field, name)) or self.seen.get((field, key)):
                    found[name] = found[name] or 0
        return {name: pk for name, pk in found.items() if pk is not None}

    def _visible(self, rows: Any, key: str) -> dict[str, int]:
        seen = Customer.objects.visible_to(self.actor).order_by().values("pk")
        found = dict(rows.filter(pk__in=seen).values_list(key, "pk"))
        if not self.trial:
            found |= dict(rows.filter(origin=self.run.change_set_id).values_list(key, "pk"))
        return found

    def _set(self, field: str, links: list[tuple[int, int]], log: ChangeLog) -> None:
        """A new row gets its link as part of its making; one that was there, as a change."""
        above: dict[int, int] = {}
        if field == PARENT:
            rows = Customer._base_manager.exclude(parent=None).filter(pk__in=[other for _c, other in links])
            above = dict(rows.values_list("pk", "parent_id"))
        others = {child: pk for child, pk in links if child != pk and above.get(pk) != child}
        children = Customer._base_manager.select_for_update().filter(pk__in=others).only("pk", "origin_id")
        fresh = {row.pk for row in children if row.origin_id == self.run.change_set_id}
        by_other: dict[int, list[int]] = {}
        for pk in fresh:
            by_other.setdefault(others[pk], []).append(pk)
        for other, pks in by_other.items():
            Customer._base_manager.filter(pk__in=pks).update(**{f"{field}_id": other})
        old = Customer._base_manager.filter(pk__in=others.keys() - fresh)
        log.bulk_update((row, {f"{field}_id": others[row.pk]}) for row in old)


def _missing(field: str, name: str) -> Reason:
    if field == PARENT:
        text = _("There is no company “%(name)s” to be the parent; it was left empty.")
        return Reason("no_parent", text % {"name": name})
    text = _("There is no customer “%(name)s” that referred this one; it was left empty.")
    return Reason("no_referrer", text % {"name": name})
