from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.models import Record
from customers.constants import StageKind
from customers.querysets import StageChangeQuerySet


class LifecycleStage(models.Model):
    """A step of the lifecycle funnel: lead → qualified → … → loyal, or lost."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=StageKind.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    colour = models.PositiveSmallIntegerField(_("colour"), default=0)
    guidance = models.CharField(_("guidance"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("lifecycle stage")
        verbose_name_plural = _("lifecycle stages")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        """The default stages are in the catalogue; a stage somebody named reads as named."""
        return gettext(self.name)


class StageChangeManager(models.Manager.from_queryset(StageChangeQuerySet)):  # type: ignore[misc]
    """Moves that were taken back (Undo puts them in the trash) are not told by any report."""

    def get_queryset(self) -> StageChangeQuerySet:
        return super().get_queryset().alive()


class StageChange(Record):
    """One move through the funnel. The first row of a customer has no `from_stage`."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="stage_changes",
        verbose_name=_("customer"),
    )
    from_stage = models.ForeignKey(
        LifecycleStage,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("from stage"),
    )
    to_stage = models.ForeignKey(
        LifecycleStage,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("to stage"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Seconds spent in `from_stage`; None for the first row.
    seconds = models.PositiveBigIntegerField(null=True, blank=True, verbose_name=_("seconds"))

    objects = StageChangeManager()

    class Meta:
        verbose_name = _("stage change")
        verbose_name_plural = _("stage changes")
        ordering = ("at", "pk")
        indexes = [
            models.Index(fields=["customer", "at", "id"], name="stagechange_customer_at"),
            models.Index(fields=["to_stage", "at"], name="stagechange_to_at"),
        ]

    def __str__(self) -> str:
        return f"{self.from_stage or '–'} → {self.to_stage}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "customers.customer", self.customer_id
