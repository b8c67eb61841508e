"""The change log: one mechanism for field history, undo, import undo and unmerge."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChangeSet(models.Model):
    """Everything one act changed: a saved form, a bulk edit, an import, a merge."""

    class Kind(models.TextChoices):
        CREATE = "create", pgettext_lazy("act", "Created")
        EDIT = "edit", _("Edited")
        STAGE = "stage", _("Stage moved")
        BULK = "bulk", _("Bulk edit")
        TRASH = "trash", _("Moved to trash")
        RESTORE = "restore", _("Restored")
        MERGE = "merge", _("Merged")
        IMPORT = "import", _("Imported")
        UNDO = "undo", _("Undone")
        ERASE = "erase", _("Personal data erased")
        DEMO = "demo", _("Sample data")
        SYSTEM = "system", _("By the system")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Labels ("customers.customer") of the models that have rows with this origin.
    created_models = models.JSONField(default=list, editable=False, verbose_name=_("kinds of records made"))
    total = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    undo_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("undo of"),
    )
    undo_result = models.JSONField(
        null=True, blank=True, editable=False, verbose_name=_("result of the undo")
    )

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["-at", "-id"], name="changeset_at"),
            models.Index(fields=["actor", "-at"], name="changeset_actor_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"


class Change(models.Model):
    """What one act changed on one row: only the fields that differ."""

    change_set = models.ForeignKey(
        ChangeSet, on_delete=models.CASCADE, related_name="changes", verbose_name=_("change set")
    )
    # A log outlives the rows it speaks of, so it names them instead of pointing at them.
    model = models.CharField(max_length=100, verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(verbose_name=_("record number"))
    # The record on whose page the change is told, when the row is a part of another one.
    root_model = models.CharField(max_length=100, blank=True, verbose_name=_("kind of main record"))
    root_id = models.BigIntegerField(null=True, blank=True, verbose_name=_("number of the main record"))
    before = models.JSONField(encoder=DjangoJSONEncoder, verbose_name=_("before"))
    after = models.JSONField(encoder=DjangoJSONEncoder, verbose_name=_("after"))
    version = models.PositiveIntegerField(verbose_name=_("version"))

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["model", "object_id", "-id"], name="change_object"),
            models.Index(
                fields=["root_model", "root_id", "-id"],
                name="change_root",
                condition=models.Q(root_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
