"""What fills each collection page with one more row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from accounts.organisation import forget_organisation
from activities.models import Activity
from core.models import ImportRow
from tests.factories import accounts as people
from tests.factories import customers as made
from tests.factories import deals as sold
from tests.permissions.world import MAKERS, World, logged
from tests.query_counts.sales import ADDERS as SALES
from tests.query_counts.sales import OF_RECORDS

Add = Callable[[World, Any], Any]


@dataclass(frozen=True)
class Collection:
    """`add` makes one more row that the page shows."""

    add: Add
    kwargs: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    of: str = ""  # the kind of record whose page it is
    record_page: bool = False  # no list, only bounded


def more(kind: str) -> Add:
    return lambda world, owner: MAKERS[kind](world, owner)


def call(world: World, owner: Any) -> Any:
    """One more call with the customer whose page is looked at."""
    customer = world.record("customer", "own")
    author = people.UserFactory()
    row = logged(Activity(customer=customer, author=author, kind="call", subject="x", at=timezone.now()))
    row.contacts.add(made.ContactFactory(customer=customer))
    return row


def person_of_customer(world: World, owner: Any) -> Any:
    return made.ContactFactory(customer=world.record("customer", "own"), owner=owner)


def full_customer(world: World, owner: Any) -> Any:
    """A customer with everything a list may show of it."""
    row = made.CustomerFactory(
        owner=people.UserFactory(team=owner.team), team=owner.team, source=made.SourceFactory(),
        parent=made.CustomerFactory(owner=owner, team=owner.team), tags=[made.TagFactory()],
    )  # fmt: skip
    made.ContactMethodFactory(customer=row, kind="phone", value="+49 30 1234567", key="49301234567")
    return row


def call_on_deal(world: World, owner: Any) -> Any:
    """One more call on the deal whose page is looked at."""
    deal = world.record("deal", "own")
    author = people.UserFactory()
    row = Activity(customer=deal.customer, deal=deal, author=author, kind="call", at=timezone.now())
    return logged(row)


def deal_of_customer(world: World, owner: Any) -> Any:
    return sold.DealFactory(customer=world.record("customer", "own"), owner=owner, team=owner.team)


def move_of_deal(world: World, owner: Any) -> Any:
    """One more move in the history of the deal whose page is looked at."""
    return sold.DealStageChangeFactory(deal=world.record("deal", "own"))


def full_contact(world: World, owner: Any) -> Any:
    row = made.ContactFactory(customer=full_customer(world, owner), owner=owner, team=owner.team)
    made.ContactMethodFactory(contact=row)
    return row


def row_left_out(world: World, owner: Any) -> Any:
    """One more row that a trial run could not take."""
    run = world.record("import", "own")
    match = {"url": "/customers/1/", "name": "Acme", "values": [["City", "Leeds", "Bern"]]}
    number = run.rows.count() + 2
    return ImportRow.objects.create(
        run=run, number=number, outcome="skipped", reason="x", cells=["Acme"], trial=True, match=match
    )


def change_of_customer(world: World, owner: Any) -> Any:
    from core.changes import change_set
    from core.models import ChangeSet

    customer = world.record("customer", "own")
    with change_set(kind=ChangeSet.Kind.EDIT, actor=people.UserFactory()) as log:
        log.update(customer, {"city": f"City {ChangeSet.objects.count()}"})
    return log.row


def duplicate(world: World, owner: Any) -> Any:
    return made.DuplicatePairFactory(first=full_customer(world, owner), second=full_customer(world, owner))


def silent_customer(world: World, owner: Any) -> Any:
    """A customer whose time is over, where personal data is kept for a year."""
    people.OrganisationFactory()
    Organisation.objects.update(retention_months=12)
    forget_organisation()
    row = full_customer(world, owner)
    type(row)._base_manager.filter(pk=row.pk).update(created_at="2020-01-01T00:00Z")
    return row


COLLECTIONS: dict[str, Collection] = {
    **{name: Collection(add) for name, add in SALES.items()},
    **{name: Collection(add, of=kind) for name, (kind, add) in OF_RECORDS.items()},
    "core:change_set_list": Collection(more("change")),
    "core:trash_list": Collection(more("trashed"), query="kind=customers"),
    "core:job_list": Collection(more("job")),
    "core:import_list": Collection(more("import")),
    "core:import_detail": Collection(row_left_out, of="import", record_page=True),
    "core:import_map": Collection(
        lambda world, owner: MAKERS["custom_field"](world, people.UserFactory()), of="import"
    ),
    "core:saved_view_list": Collection(more("shared_view"), kwargs={"page": "customers"}),
    "accounts:notification_list": Collection(more("notification")),
    "accounts:audit_list": Collection(lambda world, owner: people.AuditEntryFactory()),
    "accounts:user_list": Collection(lambda world, owner: people.UserFactory(team=people.TeamFactory())),
    "accounts:team_list": Collection(
        lambda world, owner: people.UserFactory(team=people.TeamFactory(parent=people.TeamFactory()))
    ),
    "customers:customer_list": Collection(full_customer),
    "customers:retention_list": Collection(silent_customer),
    "customers:customer_kanban": Collection(full_customer),
    "customers:funnel": Collection(lambda w, o: made.StageChangeFactory(customer=full_customer(w, o))),
    "customers:contact_list": Collection(full_contact),
    "customers:customer_people": Collection(person_of_customer, of="customer"),
    "customers:record_history": Collection(change_of_customer, {"kind": "customer"}, of="customer"),
    "customers:duplicate_list": Collection(duplicate),
    "customers:customfield_list": Collection(
        lambda world, owner: MAKERS["custom_field"](world, people.UserFactory())
    ),
    "customers:customer_detail": Collection(call, of="customer", record_page=True),
    "customers:contact_detail": Collection(full_contact, of="contact", record_page=True),
    "deals:deal_detail": Collection(move_of_deal, of="deal", record_page=True),
    "deals:customer_deals": Collection(deal_of_customer, of="customer"),
    "deals:order_list": Collection(more("order")),
    "deals:order_detail": Collection(more("order"), of="order", record_page=True),
    "activities:today": Collection(more("task")),
    "activities:timeline": Collection(call, of="customer"),
    "activities:deal_timeline": Collection(call_on_deal, of="deal"),
    "activities:activity_list": Collection(more("activity")),
    "activities:task_list": Collection(more("task")),
    "activities:cadence_list": Collection(more("cadence")),
}
