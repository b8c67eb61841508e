"""Reads of activities, tasks and what belongs to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from accounts.constants import Kind, Level
from accounts.visibility import access
from activities.constants import CONTACT_KINDS, Direction
from core.querysets import RecordQuerySet


def _customers(user: Any, *, edit: bool) -> Any:
    rows = apps.get_model("customers", "Customer").objects
    return (rows.editable_by(user) if edit else rows.visible_to(user)).order_by()


def _shared_customers(user: Any) -> Any:
    """Ids of customers shared with this person as collaborator."""
    rows = apps.get_model("customers", "Customer")._base_manager
    return rows.filter(collaborators=user.pk).values("pk")


class OfCustomerQuerySet(RecordQuerySet):
    """Rows seen with the customer they belong to, as far as the level for activities reaches.

    Whoever may write activities at all may write about any customer they see (a colleague takes
    a call); changing a row later needs the customer or to have written it.
    """

    kind = Kind.ACTIVITY
    author = "author"

    def visible_to(self, user: Any, *, customers: Any = None) -> Self:
        """`customers`: the visible customers, where the caller has worked them out already."""
        return self.alive()._within(user, edit=False, customers=customers)

    def editable_by(self, user: Any) -> Self:
        return self.alive()._within(user, edit=True)

    def restorable_by(self, user: Any) -> Self:
        """Rows in the trash this person could edit before."""
        return self.in_trash()._within(user, edit=True)

    def _within(self, user: Any, *, edit: bool, customers: Any = None) -> Self:
        level = access(user).level(self.kind, edit=edit)
        if level == Level.NONE:
            return self.none()
        seen = _customers(user, edit=False) if customers is None else customers.order_by()
        rows = self.filter(customer__in=seen.values("pk"))
        if edit:
            mine = Q(**{self.author: user.pk})
            return rows.filter(mine | Q(customer__in=_customers(user, edit=True).values("pk")))
        return rows._narrowed(user, level)

    def _narrowed(self, user: Any, level: str) -> Self:
        """Where activities are shown less widely than customers."""
        if level == Level.ALL or level == access(user).level(Kind.CUSTOMER):
            return self
        condition = access(user).owned_filter(level, owner="customer__owner", team="customer__team")
        return self.filter(
            (condition or Q()) | Q(**{self.author: user.pk}) | Q(customer__in=_shared_customers(user))
        )


class ActivityQuerySet(OfCustomerQuerySet):
    def contacts_made(self) -> Self:
        """Those in which the customer heard of us or we of them."""
        return self.filter(kind__in=CONTACT_KINDS)

    def unanswered(self, since: datetime, now: datetime) -> Self:
        """The newest message from a customer after which nobody has been in touch; a meeting
        that lies ahead is no answer yet."""
        later = self.model._base_manager.filter(
            customer=OuterRef("customer"), deleted_at__isnull=True, kind__in=CONTACT_KINDS, at__lte=now
        ).filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
        return self.filter(~Exists(later), direction=Direction.IN, at__gte=since, handled_at__isnull=True)

    def for_timeline(self, user: Any) -> Self:
        """With everything an entry shows, and whether this person may edit it."""
        rows: Any = self.model._default_manager
        mine = rows.editable_by(user).order_by().filter(pk=OuterRef("pk"))
        files = apps.get_model("activities", "Attachment").objects.alive().order_by("pk")
        return (
            self.annotate(editable=Exists(mine))
            .select_related("author", "customer")
            .prefetch_related("contacts", "users", Prefetch("attachments", files, to_attr="files"))
        )


class TaskQuerySet(RecordQuerySet):
    """Seen with their customer, and by the one who has to do them and who wrote them."""

    kind = Kind.ACTIVITY

    def visible_to(self, user: Any, *, customers: Any = None) -> Self:
        return self.alive()._within(user, edit=False, customers=customers)

    def editable_by(self, user: Any) -> Self:
        return self.alive()._within(user, edit=True)

    def restorable_by(self, user: Any) -> Self:
        return self.in_trash()._within(user, edit=True)

    def _within(self, user: Any, *, edit: bool, customers: Any = None) -> Self:
        level = access(user).level(self.kind, edit=edit)
        if level == Level.NONE:
            return self.none()
        mine = Q(assignee=user.pk) | Q(author=user.pk)
        if level == Level.ALL:
            free = Q(customer__isnull=True)
        elif level == Level.TEAM and access(user).team_ids:
            free = Q(customer__isnull=True, assignee__team__in=access(user).team_ids)
        else:
            free = Q(pk__in=[])
        if customers is None:
            customers = _customers(user, edit=edit)
        of_customers = Q(customer__in=customers.order_by().values("pk"))
        if not edit and level != Level.ALL and level != access(user).level(Kind.CUSTOMER):
            of_customers &= self._level(user, level)
        return self.filter(mine | free | of_customers)

    def _level(self, user: Any, level: str) -> Q:
        owned = access(user).owned_filter(level, owner="customer__owner", team="customer__team")
        return (owned or Q()) | Q(customer__in=_shared_customers(user))

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)

    def overdue(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)

    def due(self, day: date) -> Self:
        return self.open().filter(due_on=day)

    def upcoming(self, day: date) -> Self:
        return self.open().filter(due_on__gt=day)

    def of_team(self, user: Any) -> Self:
        """Tasks of the person's team and those below; of everyone where the role sees all."""
        if access(user).level(self.kind) == Level.ALL:
            return self
        return self.filter(Q(assignee=user.pk) | Q(assignee__team__in=access(user).team_ids))

    def in_order(self) -> Self:
        return self.order_by("due_on", "due_sort", "pk")

    def with_people(self) -> Self:
        return self.select_related("customer", "contact", "assignee", "author", "done_by")


class CadenceQuerySet(OfCustomerQuerySet):
    author = "customer__owner"

    def owed(self, day: date) -> Self:
        """Due today or before."""
        return self.filter(next_on__lte=day)

    def in_order(self) -> Self:
        return self.order_by(F("next_on").asc(nulls_last=True), "pk")
