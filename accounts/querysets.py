"""Visibility of records that have an owner, a team and perhaps collaborators."""

from __future__ import annotations

from typing import Any, Self

from django.db.models import Q

from accounts.visibility import access
from core.querysets import RecordQuerySet

# Up to this many shared records are named in the query; beyond, a subquery is better.
SHARED_INLINE = 500


class OwnedQuerySet(RecordQuerySet):
    """Own, team or all by the person's role, plus records shared with them as collaborator.

    `kind` names the row of the visibility rules. `collaborators` is the relation to people the
    record is shared with, if it has one; they see it and may edit it unless their role only reads.
    """

    kind: str = ""
    collaborators: str = ""

    def visible_to(self, user: Any) -> Self:
        return self.alive()._within(user, edit=False)

    def editable_by(self, user: Any) -> Self:
        return self.alive()._within(user, edit=True)

    def restorable_by(self, user: Any) -> Self:
        """Rows in the trash this person could edit before."""
        return self.in_trash()._within(user, edit=True)

    def _within(self, user: Any, *, edit: bool) -> Self:
        level = access(user).level(self.kind, edit=edit)
        condition = access(user).owned_filter(level)
        if condition is None:
            return self
        if self.collaborators and level != "none":
            condition |= self._shared_with(user)
        return self.filter(condition)

    def _shared_with(self, user: Any) -> Q:
        shared = self.model._base_manager.filter(**{self.collaborators: user.pk}).order_by()
        ids = shared.values_list("pk", flat=True)
        # A literal list lets the planner use its indexes; an OR with a subquery does not.
        known = access(user).shared
        few = known.get(self.model._meta.label)
        if few is None:
            few = known[self.model._meta.label] = list(ids[: SHARED_INLINE + 1])
        return Q(pk__in=ids if len(few) > SHARED_INLINE else few)
