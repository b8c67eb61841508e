from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.zones import validate_zone
from core.money import validate_currency


class Organisation(models.Model):
    """The settings of the organisation that runs this copy: exactly one row."""

    class Vocabulary(models.TextChoices):
        CUSTOMER = "customer", _("Customers")
        PATIENT = "patient", _("Patients")
        STUDENT = "student", _("Students")

    name = models.CharField(_("name"), max_length=120, blank=True)
    base_currency = models.CharField(
        _("base currency"), max_length=3, default="EUR", validators=[validate_currency]
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[validate_zone])
    language = models.CharField(_("language"), max_length=10, default="en", choices=settings.LANGUAGES)
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("For telephone numbers without +.")
    )
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    vocabulary = models.CharField(
        _("we call them"),
        max_length=10,
        choices=Vocabulary.choices,
        default=Vocabulary.CUSTOMER,
    )
    retention_months = models.PositiveSmallIntegerField(
        _("keep personal data for (months)"),
        null=True,
        blank=True,
        help_text=_("After this time without contact, records are proposed for erasure."),
    )
    updated_at = models.DateTimeField(auto_now=True, verbose_name=_("changed at"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="organisation_one_row"),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)),
                name="organisation_fiscal_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name or "Guanxi"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the organisation's days begin and end."""
        return ZoneInfo(self.time_zone)
