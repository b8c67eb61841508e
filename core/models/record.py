"""The base of every business record."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Record(models.Model):
    """Version for optimistic locking, trash, and the change set that made the row.

    Written through `core.changes` only: that is what gives every record history and undo.
    `version` only ever grows, also when a change is undone, so that a form opened
    before the undo is still recognised as stale.
    """

    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, verbose_name=_("version"))
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    # Written in the transaction of its change set, which is never deleted: the database need not
    # look it up again for each row of an import.
    origin = models.ForeignKey(
        "core.ChangeSet",
        on_delete=models.PROTECT,
        db_constraint=False,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )

    # Fields that are bookkeeping, not content: left out of history and forms.
    UNTRACKED = frozenset({"id", "created_at", "updated_at", "version", "origin", "search_text"})

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """A related row that was read from the database is not looked up once more."""
        fields: list[Any] = [field for field in self._meta.concrete_fields if field.is_relation]
        related = {field.name: field.get_cached_value(self, None) for field in fields}
        known = {name for name, row in related.items() if row is not None and not row._state.adding}
        super().clean_fields(exclude={*(exclude or ()), *known})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """All checks in one query; one after the other, for their messages, only where one fails."""
        self._checks_hold = self._all_checks_hold(exclude)
        try:
            super().validate_constraints(exclude=exclude)
        finally:
            self._checks_hold = False

    def get_constraints(self) -> list[tuple[Any, Any]]:
        found = super().get_constraints()
        if not getattr(self, "_checks_hold", False):
            return found
        return [
            (model, [c for c in rules if not isinstance(c, models.CheckConstraint)]) for model, rules in found
        ]

    def _all_checks_hold(self, exclude: Collection[str] | None) -> bool:
        left_out = set(exclude or ())
        rules = [
            models.Q(c.condition) for c in self._meta.constraints if isinstance(c, models.CheckConstraint)
        ]
        asked = [rule for rule in rules if not rule.referenced_base_fields & left_out]
        values: Any = self._get_field_expression_map(meta=self._meta, exclude=exclude)  # type: ignore[attr-defined]
        try:
            return not asked or models.Q(*asked).check(values)
        except FieldError:  # a field that is left out, by another name
            return False

    @property
    def in_trash(self) -> bool:
        return self.deleted_at is not None
