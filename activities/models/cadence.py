from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.constants import ActivityKind, Interval
from activities.models.base import OfCustomer
from activities.querysets import CadenceQuerySet
from core.models import Record


class CadencePlan(OfCustomer):
    """How often we promised ourselves to be in touch with a customer."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="cadence_plans",
        verbose_name=_("customer"),
    )
    interval = models.CharField(_("how often"), max_length=12, choices=Interval.choices)
    # Empty: any contact counts.
    channel = models.CharField(
        _("by"),
        max_length=8,
        blank=True,
        choices=[choice for choice in ActivityKind.choices if choice[0] != ActivityKind.NOTE],
    )
    starts_on = models.DateField(_("first time"))
    # Put off once by a person; the rhythm goes on from the contact made then.
    not_before = models.DateField(_("not before"), null=True, blank=True)
    # Worked out from the activities.
    last_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    next_on = models.DateField(_("next contact"), null=True, blank=True, editable=False)

    UNTRACKED = Record.UNTRACKED | {"last_on", "next_on"}

    objects = CadenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("cadence plan")
        verbose_name_plural = _("cadence plans")
        ordering = ("next_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(deleted_at__isnull=True),
                name="cadence_once",
                violation_error_message=_("This customer already has a cadence."),
            )
        ]
        indexes = [
            models.Index(fields=["next_on", "id"], name="cadence_due", condition=Q(deleted_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.get_interval_display()
