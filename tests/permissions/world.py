"""Two teams, five people and one record of each kind for each of three owners.

Records are the salesperson's own (`own`), a colleague's in the same team (`team`) or those of
somebody in another team (`other`). The manager leads the salesperson's team.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.constants import Role
from accounts.models import User
from activities.models import Activity, Attachment, CadencePlan, CalendarLink, Task
from core.changes import change_set
from core.imports.services import create_run
from core.models import ChangeSet, CustomField, ImportMapping, ImportRun, Job, Record, SavedView
from core.models.export_log import ExportLog
from deals.models import Order
from tests.factories import accounts as people
from tests.factories import customers as made
from tests.permissions import sales
from tests.permissions.roles import ROLES

Maker = Callable[["World", User], Any]


class World:
    """Makes the people at once and records when they are asked for."""

    def __init__(self) -> None:
        first, second = people.TeamFactory(), people.TeamFactory()
        people.OrganisationFactory()
        self.people: dict[str, User] = {role: people.UserFactory(role=role, team=first) for role in ROLES}
        self.owners: dict[str, User] = {
            "own": self.people[Role.SALES],
            "team": people.UserFactory(team=first),
            "other": people.UserFactory(team=second),
        }
        self.team = second
        self._sessions = {role: self._sign_in(person) for role, person in self.people.items()}
        self._records: dict[tuple[str, str], Any] = {}

    def record(self, kind: str, whose: str) -> Any:
        """The one record of this kind and owner."""
        key = (kind, whose)
        if key not in self._records:
            self._records[key] = MAKERS[kind](self, self.owners[whose])
        return self._records[key]

    def twin(self, whose: str) -> Any:
        """A second customer of the same owner."""
        key = ("twin", whose)
        if key not in self._records:
            self._records[key] = MAKERS["customer"](self, self.owners[whose])
        return self._records[key]

    def _sign_in(self, person: User) -> str:
        client = Client(REMOTE_ADDR="127.0.0.1")
        client.force_login(person)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def browser(self, role: str | None, **options: Any) -> Client:
        """A browser of one role; None is nobody."""
        client = Client(REMOTE_ADDR="127.0.0.1", raise_request_exception=False, **options)
        if role is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[role]
        return client


def logged(record: Record, *, trash: bool = False) -> Any:
    """Write one record through the change log."""
    with change_set(kind=ChangeSet.Kind.CREATE, actor=None) as log:
        log.create(record, validate=False)
    if trash:
        with change_set(kind=ChangeSet.Kind.TRASH, actor=None) as log:
            log.trash(record)
    return record


def customer(world: World, owner: User) -> Any:
    return made.CustomerFactory(owner=owner, team=owner.team)


def contact(world: World, owner: User) -> Any:
    return made.ContactFactory(owner=owner, team=owner.team)


def membership(world: World, owner: User) -> Any:
    return made.MembershipFactory(contact=contact(world, owner), customer=customer(world, owner))


def relation(world: World, owner: User) -> Any:
    return made.RelationFactory(contact=contact(world, owner), other=contact(world, owner))


def _customer_part(factory: Any) -> Maker:
    return lambda world, owner: factory(customer=customer(world, owner))


def _contact_part(factory: Any) -> Maker:
    return lambda world, owner: factory(contact=contact(world, owner))


def activity(world: World, owner: User) -> Any:
    return logged(Activity(customer=customer(world, owner), author=owner, kind="call", subject="Call"))


def attachment(world: World, owner: User) -> Any:
    row = Attachment(customer=customer(world, owner), author=owner, name="a.txt", size=1)
    row.content_type = "text/plain"
    row.file.save("a.txt", ContentFile(b"a"), save=False)
    return logged(row)


def task(world: World, owner: User) -> Any:
    row = Task(title="Call back", customer=customer(world, owner), assignee=owner, author=owner)
    row.due_on = timezone.now().date()
    return logged(row)


def cadence(world: World, owner: User) -> Any:
    today = timezone.now().date()
    row = CadencePlan(customer=customer(world, owner), interval="monthly", starts_on=today, next_on=today)
    return logged(row)


def order(world: World, owner: User) -> Any:
    number = f"P{Order.objects.count() + 1}"
    buyer = customer(world, owner)
    return logged(Order(number=number, customer=buyer, ordered_at=timezone.now(), currency="EUR"))


def trashed(world: World, owner: User) -> Any:
    row = customer(world, owner)
    with change_set(kind=ChangeSet.Kind.TRASH, actor=owner) as log:
        log.trash(row)
    return row


def change(world: World, owner: User) -> ChangeSet:
    """An edit the owner made."""
    with change_set(kind=ChangeSet.Kind.EDIT, actor=owner) as log:
        log.update(customer(world, owner), {"city": "Leeds"})
    return log.row


def export(world: World, owner: User) -> ExportLog:
    name = default_storage.save("exports/permissions", ContentFile(b"name\r\n"))
    until = timezone.now() + timedelta(hours=1)
    return ExportLog.objects.create(
        user=owner, page="customers", kind="csv", file=name, rows=0, expires_at=until
    )


def import_run(world: World, owner: User) -> ImportRun:
    """A file of one customer, looked at but not imported."""
    file = ContentFile(b"Name,City\r\nAcme,Leeds\r\n", name="a.csv")
    return create_run(file=file, filename="a.csv", actor=owner, target="customers")


def saved_view(world: World, owner: User, *, shared: bool = False) -> SavedView:
    return SavedView.objects.create(
        page="customers", name=f"View {SavedView.objects.count()}", owner=owner, query="q=a", shared=shared
    )


def session(world: World, owner: User) -> UserSession:
    return UserSession.objects.create(
        user=owner, ip="127.0.0.1", session_key=f"key{owner.pk}", user_agent="x"
    )


MAKERS: dict[str, Maker] = {
    **sales.MAKERS,
    "customer": customer,
    "contact": contact,
    "membership": membership,
    "customer_method": _customer_part(made.ContactMethodFactory),
    "contact_method": _contact_part(made.ContactMethodFactory),
    "customer_consent": _customer_part(made.ConsentFactory),
    "contact_consent": _contact_part(made.ConsentFactory),
    "important_date": _contact_part(made.ImportantDateFactory),
    "relation": relation,
    "activity": activity,
    "attachment": attachment,
    "task": task,
    "cadence": cadence,
    "order": order,
    "trashed": trashed,
    "change": change,
    "export": export,
    "import": import_run,
    "thrown_away": import_run,  # its file is gone afterwards, whatever the database takes back
    "saved_view": saved_view,
    "shared_view": lambda world, owner: saved_view(world, owner, shared=True),
    "session": session,
    "notification": lambda world, owner: people.NotificationFactory(user=owner),
    "calendar_link": lambda world, owner: CalendarLink.objects.create(user=owner, sha256=f"{owner.pk:064}"),
    "job": lambda world, owner: Job.objects.create(kind="core.export", requested_by=owner),
    "import_mapping": lambda world, owner: ImportMapping.objects.create(
        target="customers", name=f"Mapping {owner.pk}", created_by=owner
    ),
    "user": lambda world, owner: owner,
    "team": lambda world, owner: people.TeamFactory(),
    "custom_field": lambda world, owner: CustomField.objects.create(
        model="customers.customer", key=f"field{owner.pk}", label="Size", kind="text"
    ),
}
