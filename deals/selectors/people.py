"""Who has a say in a deal, how they stand, and what is missing among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from core.charts import Chart, Mark, grid_chart
from core.templatetags.ui import initials
from customers.constants import BuyingRole
from customers.models import Contact
from deals.constants import Influence, StageKind, Stance
from deals.models import Deal, DealContact

DECIDE = {BuyingRole.DECISION_MAKER, BuyingRole.ECONOMIC_BUYER}


@dataclass(frozen=True)
class Person:
    """A person on the deal as this reader sees them: without a name where they may not see the contact."""

    row: DealContact
    name: str
    seen: bool

    @property
    def role(self) -> str:
        """On this deal, or the usual one of the person."""
        return self.row.role or self.row.contact.buying_role

    @property
    def role_label(self) -> str:
        return str(dict(BuyingRole.choices).get(self.role, ""))


def known() -> QuerySet[DealContact]:
    """People on deals who are still among the contacts."""
    return DealContact.objects.alive().filter(contact__deleted_at=None)


def people_of(deal: Deal, user: Any) -> list[Person]:
    rows = list(
        known().filter(deal=deal).select_related("contact").order_by("-is_primary", "-influence", "pk")
    )
    contacts = Contact.objects.visible_to(user).filter(pk__in=[row.contact_id for row in rows])
    seen = set(contacts.order_by().values_list("pk", flat=True))
    return [
        Person(row, row.contact.name if row.contact_id in seen else _("Somebody you may not see"),
               row.contact_id in seen)
        for row in rows
    ]  # fmt: skip


def stakeholder_map(people: list[Person]) -> Chart:
    """Influence against stance: the strong ones on top, those for us on the right."""
    stances, strengths = list(Stance), sorted(Influence, reverse=True)
    return grid_chart(
        _("Stakeholder map"),
        [str(stance.label) for stance in stances],
        [str(influence.label) for influence in strengths],
        [
            Mark(
                stances.index(Stance(person.row.stance)),
                strengths.index(Influence(person.row.influence)),
                person.name,
                initials(person.name) if person.seen else "?",
                "good" if person.row.stance > 0 else "bad" if person.row.stance < 0 else "",
            )
            for person in people
        ],
        head=_("Person"),
        row_label=_("Influence"),
        column_label=_("Stance"),
    )


def warnings_of(deal: Deal, people: list[Person]) -> list[tuple[str, str]]:
    """(title, text) of what is missing on an open deal."""
    if not deal.is_open:
        return []
    found = []
    if not people:
        found.append((_("Nobody is named on this deal"), _("Add the people who have a say.")))
    elif len(people) == 1:
        found.append(
            (
                _("Only one person knows us here"),
                _("If this person leaves, so does the deal. Win a second one."),
            )
        )
    if people and not any(person.role in DECIDE for person in people):
        found.append(
            (_("Nobody here decides"), _("Neither a decision maker nor an economic buyer is on the deal."))
        )
    return found


def single_threaded(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    """Open deals on which one person or nobody is known."""
    second = known().filter(deal=OuterRef("pk")).order_by("pk")[1:2]
    return deals.filter(~Exists(second), status=StageKind.OPEN)
