from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.querysets import ReferenceQuerySet


class SalesSettings(Record):
    """How this organisation sells: exactly one row, made when first asked for."""

    goal_factor = models.DecimalField(
        _("a new goal is last period times"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.20"),
        validators=[MinValueValidator(Decimal("0.10")), MaxValueValidator(Decimal(10))],
    )
    quote_valid_days = models.PositiveSmallIntegerField(
        _("quotes are valid for (days)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )
    quote_reminder_days = models.PositiveSmallIntegerField(
        _("remind of an open quote (days before it ends)"), default=5, validators=[MaxValueValidator(365)]
    )
    quote_terms = models.TextField(_("usual terms of quotes"), blank=True, max_length=10_000)
    quote_remind_customer = models.BooleanField(
        _("remind the customer of an open quote too, by e-mail"), default=False
    )
    quote_sender = models.TextField(
        _("sender of quotes"),
        blank=True,
        max_length=500,
        help_text=_("Address, tax number and bank account, printed under the name of the organisation."),
    )
    quote_logo = models.FileField(_("logo on quotes"), upload_to="sales/", max_length=200, blank=True)
    renewal_reminder_days = models.PositiveSmallIntegerField(
        _("remind of a renewal (days before notice)"), default=30, validators=[MaxValueValidator(730)]
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales settings")
        verbose_name_plural = _("sales settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="salessettings_one_row")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def load(cls) -> SalesSettings:
        """The row as it is, or unsaved with the usual values."""
        return cls._base_manager.filter(pk=1).first() or cls(pk=1)
