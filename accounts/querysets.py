"""Visibility of records that have an owner, a team and perhaps collaborators."""

from __future__ import annotations

from functools import cache
from typing import Any, Self

from django.db.models import Model, Q, QuerySet

from accounts.constants import Level
from accounts.visibility import access
from core.prepared import Prepared
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

    def visible_parts(self, user: Any) -> list[Self]:
        """Those of the teams, the person's own elsewhere, those shared from elsewhere. Each part is
        one range of an index, which the OR of them is not."""
        level = access(user).level(self.kind)
        if level in (Level.NONE, Level.ALL) or self._has_rule_of_its_own():
            return super().visible_parts(user)
        rows, parts = self.alive(), []
        if level == Level.TEAM and (teams := access(user).team_ids):
            parts.append(rows.filter(team__in=teams))
            rows = rows.filter(Q(team__isnull=True) | ~Q(team__in=teams))
        parts.append(rows.filter(owner=user.pk))
        if self.collaborators:
            others = Q(owner__isnull=True) | ~Q(owner=user.pk)
            parts.append(rows.filter(others, self._shared_with(user)))
        return parts

    def _has_rule_of_its_own(self) -> bool:
        kind = type(self)
        return (kind.visible_to, kind._within) != (OwnedQuerySet.visible_to, OwnedQuerySet._within)

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
        # A literal list lets the planner use its indexes; an OR with a subquery does not.
        known = access(user).shared
        few = known.get(self.model._meta.label)
        if few is None:
            found = _shared_ids(self.model, self.collaborators)(user.pk)
            few = known[self.model._meta.label] = [pk for (pk,) in found]
        if len(few) <= SHARED_INLINE:
            return Q(pk__in=few)
        return Q(pk__in=_shared(self.model, self.collaborators, user.pk))


def _shared(model: type[Model], relation: str, user: int) -> QuerySet:
    """The ids of the records shared with a person."""
    links = model._meta.get_field(relation)
    rows = links.remote_field.through._base_manager  # type: ignore[union-attr]
    return rows.filter(**{links.m2m_reverse_field_name(): user}).values_list(links.m2m_field_name())  # type: ignore[union-attr]


@cache
def _shared_ids(model: type[Model], relation: str) -> Prepared:
    return Prepared(lambda user: _shared(model, relation, user)[: SHARED_INLINE + 1], int)
