from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Pair(models.Model):
    """Two records the search thinks are one; or that a person said are not."""

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        DIFFERENT = "different", _("Not duplicates")
        MERGED = "merged", _("Merged")

    score = models.PositiveSmallIntegerField(_("likeness"))
    reasons = models.JSONField(default=list, verbose_name=_("reasons"))
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.OPEN, verbose_name=_("state")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    found_at = models.DateTimeField(default=timezone.now, verbose_name=_("found at"))

    class Meta:
        abstract = True
        ordering = ("-score", "pk")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="%(class)s_order"),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="%(class)s_open")]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"  # type: ignore[attr-defined]  # of the models below


class DuplicatePair(Pair):
    """Two customers."""

    first = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", verbose_name=_("first record")
    )
    second = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", verbose_name=_("second record")
    )

    class Meta(Pair.Meta):
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")


class DuplicateContactPair(Pair):
    """Two contacts."""

    first = models.ForeignKey(
        "customers.Contact", on_delete=models.CASCADE, related_name="+", verbose_name=_("first record")
    )
    second = models.ForeignKey(
        "customers.Contact", on_delete=models.CASCADE, related_name="+", verbose_name=_("second record")
    )

    class Meta(Pair.Meta):
        verbose_name = _("possible duplicate contact")
        verbose_name_plural = _("possible duplicate contacts")
