"""The import of contacts, from tables and from vCards."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
from customers.imports.build import ContactBuilder
from customers.imports.customers import same_as
from customers.imports.drafts import Draft, write_customers
from customers.imports.existing import Existing
from customers.imports.fields import contact_fields
from customers.imports.lookups import Lookups
from customers.imports.match import CustomerIndex, Hit
from customers.imports.people import People
from customers.models import Contact, ContactMethod, Customer, Membership, StageChange


@register
class ContactImporter(Importer):
    key = "customers.contact"
    permission = "customers.add_contact"
    label = gettext_lazy("Contacts")
    hint = gettext_lazy("People, with the company they belong to. Address books (vCard) go here.")
    icon = "user-group"
    match_keys = (
        ("external_id", gettext_lazy("Contact number")),
        ("email", gettext_lazy("E-mail")),
        ("name", gettext_lazy("Name and company")),
    )
    creates = (Customer, StageChange, Contact, Membership, ContactMethod)
    presets = presets.CONTACTS

    def fields(self) -> list[Field]:
        return contact_fields()

    def region(self) -> str:
        return get_organisation().country

    def session(self, context: Context) -> ContactSession:
        return ContactSession(context)


class ContactSession(Session):
    """Contacts row by row; their companies are found or made on the way."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        plan, origin = self.plan, context.run.change_set_id
        self.lookups = Lookups(trial=self.trial)
        seen = Seen() if self.trial else None
        self.companies = CustomerIndex(["external_id", "name"], origin=origin, seen=seen)
        self.known = Existing(Customer, self.actor, overwrite=False, trial=self.trial)
        self.people = People(
            self.actor,
            order=["external_id", *(key for key in plan.match if key != "external_id")],
            origin=origin,
            trial=self.trial,
            overwrite=plan.overwrite,
        )
        self.reason = _("Imported from %s") % context.run.filename

    def prepare(self, rows: Parsed) -> None:
        builder = ContactBuilder(self.plan, self.lookups, self.actor, rows)
        places = range(rows.count)
        drafts = [None if place in rows.problems else builder.build(place) for place in places]
        firms = [None if place in rows.problems else builder.company(place) for place in places]
        rows.prepared = (drafts, firms)

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        drafts, firms = rows.prepared
        self.lookups.settle([draft for draft in drafts if draft])
        self.companies.load([firm.keys for firm in firms if firm])
        self.known.load(self.companies.hits.values())
        self.people.load([draft for draft in drafts if draft], self.companies.hits)
        self.new_firms: list[Draft] = []
        for place, row in enumerate(rows.rows):
            problems = rows.problems.get(place)
            draft, firm = drafts[place], firms[place]
            if problems or (draft is None and firm is None):
                outcome.tell(o.ERROR, row, problems or [Reason("no_name", _("There is no name."))])
            elif draft is None:
                self._firm_alone(firm, row, outcome)
            else:
                self._judge(draft, firm, row, outcome)
        self._write(outcome, log)

    def _firm_alone(self, firm: Any, row: Row, outcome: Outcome) -> None:
        """A card without a person is a company."""
        before = len(self.new_firms)
        self._company(firm, row, outcome)
        outcome.count(o.CREATED if len(self.new_firms) > before else o.UNCHANGED)

    def _company(self, firm: Draft | None, row: Row, outcome: Outcome) -> Draft | int | None:
        """The company to place the contact in; one the person may not see is made neither twice
        nor used."""
        if firm is None:
            return None
        hit = self.companies.find(firm.keys)
        if hit is None:
            if not self.actor.has_perm("customers.add_customer"):
                return None
            self.new_firms.append(firm)
            self.companies.add(firm.keys, Hit(new=firm, row=firm.row, own=True))
            return firm
        if hit.pk and hit.pk not in self.known.visible:
            outcome.tell(o.WARNING, row, [_unseen()])
            return None
        return hit.new if hit.new is not None else hit.pk or None

    def _judge(self, draft: Draft, firm: Draft | None, row: Row, outcome: Outcome) -> None:
        hit = self.people.find(draft)
        existing = self.people.existing
        if hit is None:
            self.people.create(draft, self._company(firm, row, outcome))
            outcome.count(o.CREATED)
        elif hit.pk and hit.pk not in existing.editable:
            outcome.tell(o.SKIPPED, row, [existing.blocked(hit.pk)])
        elif self.plan.duplicates == "skip":
            beside = existing.beside(hit.pk, draft) if hit.pk else None
            outcome.tell(o.SKIPPED, row, [same_as(hit)], match=beside)
        elif self.plan.duplicates == "create":
            self._create_anyway(draft, firm, row, outcome)
        elif not self.people.fill(hit, draft, self._company(firm, row, outcome)):
            outcome.count(o.UNCHANGED)
        elif self.trial and not hit.own:
            outcome.tell(o.UPDATED, row, [same_as(hit)], match=existing.beside(hit.pk, draft))
        else:
            outcome.count(o.UPDATED)

    def _create_anyway(self, draft: Draft, firm: Draft | None, row: Row, outcome: Outcome) -> None:
        if draft.keys.external_id and draft.keys.external_id in self.people.index.external:
            text = _("This number belongs to another record. Numbers are unique.")
            outcome.tell(o.ERROR, row, [Reason("number_taken", text, self.plan.header_of("external_id"))])
            return
        self.people.create(draft, self._company(firm, row, outcome))
        outcome.count(o.CREATED)

    def _write(self, outcome: Outcome, log: ChangeLog | None) -> None:
        outcome.make("customers.customer", len(self.new_firms))
        if log is not None:
            write_customers(self.new_firms, log)
        self.people.write(log, outcome, reason=self.reason)
        for label, number in self.lookups.made.items():
            outcome.make(label, number)
        self.lookups.made.clear()


def _unseen() -> Reason:
    return Reason(
        "hidden_company",
        _("A company of this name is there, but you may not see it: the contact has no company."),
    )
