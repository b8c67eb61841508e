"""The import of customers: companies, persons, and companies with their contact in one row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import organisation_zone
from accounts.organisation import get_organisation
from core.changes import ChangeLog
from core.importing.readers import Row
from core.imports import outcome as o
from core.imports.fields import Field
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed, Reason
from core.imports.registry import Context, Importer, Session, register
from core.imports.seen import Seen
from customers.imports import presets
from customers.imports.build import CustomerBuilder
from customers.imports.drafts import Draft, write_customers
from customers.imports.existing import Existing
from customers.imports.fields import customer_fields
from customers.imports.links import FIELDS as LINKS
from customers.imports.links import Link, Links
from customers.imports.lookups import Lookups
from customers.imports.match import CustomerIndex, Hit
from customers.imports.people import People
from customers.models import Contact, ContactMethod, Customer, Membership, StageChange


@register
class CustomerImporter(Importer):
    key = "customers.customer"
    permission = "customers.add_customer"
    label = gettext_lazy("Customers")
    hint = gettext_lazy("Companies and persons, with a contact person in the same row if you like.")
    icon = "building-office-2"
    match_keys = (
        ("external_id", gettext_lazy("Customer number")),
        ("email", gettext_lazy("E-mail")),
        ("domain", gettext_lazy("Domain")),
        ("name", gettext_lazy("Name and country")),
    )
    creates = (Customer, StageChange, Contact, Membership, ContactMethod)
    presets = presets.CUSTOMERS

    def fields(self) -> list[Field]:
        return customer_fields()

    def region(self) -> str:
        return get_organisation().country

    def session(self, context: Context) -> CustomerSession:
        return CustomerSession(context)


class CustomerSession(Session):
    """Judges each row of a chunk in order, then writes customers, people and links."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        plan, origin = self.plan, context.run.change_set_id
        self.lookups = Lookups(trial=self.trial)
        # A number is an identity: it is always looked up, or the database would refuse it.
        order = ["external_id", *(key for key in plan.match if key != "external_id")]
        self.index = CustomerIndex(order, origin=origin, seen=Seen() if self.trial else None)
        self.existing = Existing(Customer, self.actor, overwrite=plan.overwrite, trial=self.trial)
        self.people = People(
            self.actor,
            order=["external_id", "email", "name"],
            origin=origin,
            trial=self.trial,
            overwrite=plan.overwrite,
        )
        self.links = Links(context.run, self.actor, trial=self.trial)
        self.reason = _("Imported from %s") % context.run.filename
        self.zone, self.base_currency = organisation_zone(), get_organisation().base_currency

    def prepare(self, rows: Parsed) -> None:
        builder = CustomerBuilder(
            self.plan, self.lookups, self.actor, rows, zone=self.zone, base_currency=self.base_currency
        )
        rows.prepared = [
            None if place in rows.problems else builder.build(place) for place in range(rows.count)
        ]

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        drafts: list[Draft | None] = rows.prepared
        good = [draft for place, draft in enumerate(drafts) if draft and place not in rows.problems]
        self.lookups.settle(good)
        self.index.load([draft.keys for draft in good])
        self.existing.load(self.index.hits.values())
        self.people.load([draft.contact for draft in good if draft.contact], self.index.hits)
        self.new: list[Draft] = []
        self.named: list[Link] = []
        stages, named = rows.column("stage"), [(field, rows.column(field)) for field in LINKS]
        for place, row in enumerate(rows.rows):
            problems = rows.problems.get(place)
            draft = drafts[place]
            if problems or draft is None:
                outcome.tell(o.ERROR, row, problems or [Reason("unreadable", _("The row cannot be read."))])
                continue
            taken, target = self._judge(draft, row, outcome, stages[place])
            if taken:
                self.named += [
                    Link(field, column[place], row, target) for field, column in named if column[place]
                ]
        self._write(outcome, log)

    def _judge(
        self, draft: Draft, row: Row, outcome: Outcome, stage: str | None
    ) -> tuple[bool, Draft | int | None]:
        """Decide on one row: whether it is taken, and the record it became or changed."""
        hit = self.index.find(draft.keys)
        if hit is None:
            return True, self._create(draft, outcome)
        if hit.pk and hit.pk not in self.existing.editable:
            outcome.tell(o.SKIPPED, row, [self.existing.blocked(hit.pk)])
            return False, None
        if self.plan.duplicates == "skip":
            outcome.tell(o.SKIPPED, row, [same_as(hit)], match=self._beside(hit, draft))
            return False, None
        if self.plan.duplicates == "create":
            if draft.keys.external_id and draft.keys.external_id in self.index.external:
                outcome.tell(o.ERROR, row, [_taken(self.plan.header_of("external_id"))])
                return False, None
            return True, self._create(draft, outcome)
        return True, self._update(hit, draft, row, outcome, stage)

    def _create(self, draft: Draft, outcome: Outcome) -> Draft:
        self.new.append(draft)
        self.index.add(draft.keys, Hit(new=draft, row=draft.row, own=True))
        if draft.contact:
            self.people.judge(draft.contact, draft)
        outcome.count(o.CREATED)
        return draft

    def _update(
        self, hit: Hit, draft: Draft, row: Row, outcome: Outcome, stage: str | None
    ) -> Draft | int | None:
        target: Draft | int | None = hit.new if hit.new is not None else (hit.pk or None)
        if hit.new is not None:
            changed = hit.new.fill(_own_values(draft), overwrite=self.plan.overwrite)
            changed |= bool(hit.new.add_methods(draft.methods)) | hit.new.add_tags(draft.tags)
        elif hit.pk:
            changed = self.existing.add(hit.pk, draft, stage=self.lookups.stage(stage) if stage else None)
        else:
            changed = True
        if draft.contact:
            changed |= self.people.judge(draft.contact, target) in (o.CREATED, o.UPDATED)
        if not changed:
            outcome.count(o.UNCHANGED)
        elif self.trial and not hit.own:
            outcome.tell(o.UPDATED, row, [same_as(hit)], match=self._beside(hit, draft))
        else:
            outcome.count(o.UPDATED)
        return target

    def _beside(self, hit: Hit, draft: Draft) -> dict[str, Any] | None:
        return self.existing.beside(hit.pk, draft) if hit.pk else None

    def _write(self, outcome: Outcome, log: ChangeLog | None) -> None:
        outcome.make("customers.customer", len(self.new))
        if log is not None:
            write_customers(self.new, log)
            self.existing.write(log, reason=self.reason)
        self.people.write(log, outcome, reason=self.reason)
        for label, number in self.lookups.made.items():
            outcome.make(label, number)
        self.lookups.made.clear()
        if self.trial:
            self.links.note(self.new)
        self.links.connect(self.named, outcome, log)

    def finish(self, outcome: Outcome, log: ChangeLog | None) -> None:
        """Customers that stood further down in the file than the rows that name them."""
        self.links.finish(outcome, log)


def _own_values(draft: Draft) -> dict[str, Any]:
    """What a later row of the file adds to an earlier one; the stage stays the first one's."""
    kept = ("stage_id", "stage_since", "kind")
    return {name: value for name, value in draft.said().items() if name not in kept}


def same_as(hit: Hit) -> Reason:
    if hit.own:
        return Reason("twice", _("An earlier row of the file is about the same one."))
    return Reason("exists", _("This is there already."))


def _taken(header: str) -> Reason:
    return Reason("number_taken", _("This number belongs to another record. Numbers are unique."), header)
