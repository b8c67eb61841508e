"""Reads of customers and contacts: visibility, search, and what lists need."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db.models import Q

from accounts.constants import Kind, Level
from accounts.querysets import OwnedQuerySet
from accounts.visibility import access
from core.querysets import RecordQuerySet
from core.search import matching


class CustomerQuerySet(OwnedQuerySet):
    kind = Kind.CUSTOMER
    collaborators = "collaborators"

    def search(self, text: str) -> Self:
        """Every word of the text occurs in the name, domain, number, an e-mail or a phone."""
        return matching(self, text)


class ContactQuerySet(OwnedQuerySet):
    """Visible by the contact's own owner and team, and with any customer one may see."""

    kind = Kind.CONTACT

    def _within(self, user: Any, *, edit: bool) -> Self:
        level = access(user).level(self.kind, edit=edit)
        condition = access(user).owned_filter(level)
        if condition is None or level == Level.NONE:
            return super()._within(user, edit=edit)
        customers = apps.get_model("customers", "Customer").objects
        rows = customers.editable_by(user) if edit else customers.visible_to(user)
        members = apps.get_model("customers", "Membership").objects.filter(
            deleted_at__isnull=True, customer__in=rows.order_by().values("pk")
        )
        return self.filter(condition | Q(pk__in=members.values("contact_id")))

    def search(self, text: str) -> Self:
        """Every word of the text occurs in the name, title, an e-mail or a phone."""
        return matching(self, text)


class ContactPartQuerySet(RecordQuerySet):
    """Parts of a contact are seen and edited with it."""

    def visible_to(self, user: Any) -> Self:
        contacts = apps.get_model("customers", "Contact").objects
        return self.alive().filter(contact__in=contacts.visible_to(user).order_by().values("pk"))

    def editable_by(self, user: Any) -> Self:
        contacts = apps.get_model("customers", "Contact").objects
        return self.alive().filter(contact__in=contacts.editable_by(user).order_by().values("pk"))


class MethodQuerySet(RecordQuerySet):
    """Parts of a customer or of a contact are seen and edited with it."""

    def visible_to(self, user: Any) -> Self:
        return self._of("visible_to", user)

    def editable_by(self, user: Any) -> Self:
        return self._of("editable_by", user)

    def _of(self, rule: str, user: Any) -> Self:
        customers = getattr(apps.get_model("customers", "Customer").objects, rule)(user)
        contacts = getattr(apps.get_model("customers", "Contact").objects, rule)(user)
        return self.alive().filter(
            Q(customer__in=customers.order_by().values("pk"))
            | Q(contact__in=contacts.order_by().values("pk"))
        )


class StageChangeQuerySet(RecordQuerySet):
    """Moves through the funnel are seen with their customer; nobody edits them."""

    def visible_to(self, user: Any) -> Self:
        customers = apps.get_model("customers", "Customer").objects
        return self.alive().filter(customer__in=customers.visible_to(user).order_by().values("pk"))

    def editable_by(self, user: Any) -> Self:
        return self.none()
