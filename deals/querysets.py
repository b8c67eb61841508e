"""Reads of the deals app: who sees and changes what."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.constants import MANAGE_SALES, Kind, Level
from accounts.querysets import OwnedQuerySet
from accounts.visibility import access
from core.querysets import RecordQuerySet
from core.search import matching


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


class PartQuerySet(RecordQuerySet):
    """Parts of a record are seen and edited with it; `whole` names the relation to it."""

    whole = ""

    def visible_to(self, user: Any) -> Self:
        return self._of("visible_to", user)

    def editable_by(self, user: Any) -> Self:
        return self._of("editable_by", user)

    def _of(self, rule: str, user: Any) -> Self:
        model: Any = self.model._meta.get_field(self.whole).related_model
        rows = getattr(model._default_manager, rule)(user)
        return self.alive().filter(**{f"{self.whole}__in": rows.order_by().values("pk")})


class OrderPartQuerySet(PartQuerySet):
    kind = Kind.ORDER
    whole = "order"


class DealQuerySet(OwnedQuerySet):
    """Own, team or all; whoever is a collaborator sees the deal too."""

    kind = Kind.DEAL
    collaborators = "collaborators"

    def search(self, text: str) -> Self:
        """Every word of the text occurs in the name, the number or the customer's name."""
        return matching(self, text)

    def open(self) -> Self:
        return self.filter(status="open")

    def shared_only(self, user: Any) -> Self:
        """What this person sees for being a collaborator and for nothing else."""
        level = access(user).level(self.kind)
        condition = access(user).owned_filter(level)
        if condition is None or level == Level.NONE:
            return self.none()
        return self.alive().filter(self._shared_with(user)).exclude(condition)


class DealTotalQuerySet(models.QuerySet):
    """Sums of deals. Of a person's own or team's deals here; those shared with somebody are few and
    are added by `deals.selectors.totals`."""

    def owned_by(self, user: Any) -> Self:
        found = access(user)
        condition = found.owned_filter(found.level(Kind.DEAL))
        return self if condition is None else self.filter(condition)


class DealPartQuerySet(PartQuerySet):
    kind = Kind.DEAL
    whole = "deal"


class QuoteQuerySet(PartQuerySet):
    """Quotes are seen and edited with their deal."""

    kind = Kind.DEAL
    whole = "deal"

    def search(self, text: str) -> Self:
        """Quotes whose number begins with the text, or whose title holds it."""
        text = text.strip()
        return self.filter(Q(number__istartswith=text) | Q(title__icontains=text))


class QuotePartQuerySet(PartQuerySet):
    kind = Kind.DEAL
    whole = "quote"


class ContractQuerySet(OwnedQuerySet):
    """By the contract's own owner and team, under the rules for deals."""

    kind = Kind.DEAL

    def search(self, text: str) -> Self:
        """Contracts whose number begins with the text or whose title contains it."""
        return self.filter(Q(number__istartswith=text.strip()) | Q(title__icontains=text.strip()))


class ContractPartQuerySet(PartQuerySet):
    kind = Kind.DEAL
    whole = "contract"


class TargetQuerySet(OwnedQuerySet):
    """By the person and team the target is for; targets of everybody are seen by everybody who sees
    deals, and set by those who run sales."""

    kind = Kind.DEAL
    write_act = MANAGE_SALES

    def editable_by(self, user: Any) -> Self:
        return super().editable_by(user) if user.has_perm(self.write_act) else self.none()

    def _within(self, user: Any, *, edit: bool) -> Self:
        level = access(user).level(self.kind, edit=edit)
        condition = access(user).owned_filter(level)
        if condition is None or level == Level.NONE:
            return super()._within(user, edit=edit)
        return self.filter(condition | Q(owner__isnull=True, team__isnull=True))


class TargetPartQuerySet(PartQuerySet):
    """Plan lines and improvement actions: kept by whoever keeps the target, and by the person
    responsible."""

    kind = Kind.DEAL
    whole = "target"

    def editable_by(self, user: Any) -> Self:
        if access(user).level(self.kind, edit=True) == Level.NONE:
            return self.none()
        kept = super().editable_by(user).order_by().values("pk")
        return self.visible_to(user).filter(Q(responsible=user) | Q(pk__in=kept))


class ReferenceQuerySet(RecordQuerySet):
    """What everybody in sales reads and those who run sales keep: stages, reasons, prices, rates."""

    kind = Kind.DEAL
    write_act = MANAGE_SALES

    def visible_to(self, user: Any) -> Self:
        return self.alive() if access(user).level(Kind.DEAL) != Level.NONE else self.none()

    def editable_by(self, user: Any) -> Self:
        return self.visible_to(user) if user.has_perm(MANAGE_SALES) else self.none()

    def restorable_by(self, user: Any) -> Self:
        """Rows in the trash this person could edit before."""
        return self.in_trash() if user.has_perm(MANAGE_SALES) else self.none()


class RateQuerySet(ReferenceQuerySet):
    def search(self, text: str) -> Self:
        """Rates of a currency, or whose source holds the text."""
        return self.filter(Q(currency__istartswith=text.strip()) | Q(source__icontains=text.strip()))


class PipelineQuerySet(ReferenceQuerySet):
    def active(self) -> Self:
        return self.alive().filter(is_active=True)


class ProductQuerySet(ReferenceQuerySet):
    def search(self, text: str) -> Self:
        """Every word of the text occurs in the name, code or category."""
        return matching(self, text)


class LibraryQuerySet(RecordQuerySet):
    """What everybody who sells reads and writes: competitors, objections and their answers."""

    kind = Kind.DEAL

    def visible_to(self, user: Any) -> Self:
        return self.alive() if access(user).level(Kind.DEAL) != Level.NONE else self.none()

    def editable_by(self, user: Any) -> Self:
        return self.alive() if access(user).level(Kind.DEAL, edit=True) != Level.NONE else self.none()

    def restorable_by(self, user: Any) -> Self:
        """Rows in the trash this person could edit before."""
        return self.in_trash() if access(user).level(Kind.DEAL, edit=True) != Level.NONE else self.none()

    def search(self, text: str) -> Self:
        """Rows in which one of the searched fields holds the text."""
        found = Q()
        for name in self.model.SEARCHED:  # type: ignore[attr-defined]  # each library names its own
            found |= Q(**{f"{name}__icontains": text.strip()})
        return self.filter(found)
