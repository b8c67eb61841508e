"""The base of every business record."""

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
    origin = models.ForeignKey(
        "core.ChangeSet",
        on_delete=models.PROTECT,
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

    @property
    def in_trash(self) -> bool:
        return self.deleted_at is not None
