"""Reads of orders."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps

from accounts.constants import Kind, Level
from accounts.visibility import access
from core.querysets import RecordQuerySet


class OrderQuerySet(RecordQuerySet):
    """Orders are seen with their customer; those without one need to see all orders."""

    kind = Kind.ORDER

    def visible_to(self, user: Any) -> Self:
        return self._within(user, "visible_to", edit=False)

    def editable_by(self, user: Any) -> Self:
        return self._within(user, "editable_by", edit=True)

    def _within(self, user: Any, rule: str, *, edit: bool) -> Self:
        level = access(user).level(self.kind, edit=edit)
        if level == Level.NONE:
            return self.none()
        if level == Level.ALL:
            return self.alive()
        customers = getattr(apps.get_model("customers", "Customer").objects, rule)(user)
        return self.alive().filter(customer__in=customers.order_by().values("pk"))

    def search(self, text: str) -> Self:
        """Orders whose number begins with the text. (Not by customer: an order may be visible to
        somebody who may not know its customer.)"""
        return self.filter(number__istartswith=text.strip())
