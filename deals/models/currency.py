from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import validate_currency
from deals.querysets import RateQuerySet


class ExchangeRate(Record):
    """What one unit of a currency is worth in the base currency from a day on."""

    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    base = models.CharField(_("base currency"), max_length=3, validators=[validate_currency])
    on = models.DateField(_("from"))
    rate = models.DecimalField(
        _("rate"), max_digits=20, decimal_places=10, validators=[MinValueValidator(Decimal("0.0000000001"))]
    )
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = RateQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ("-on", "currency", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["base", "currency", "on"],
                condition=Q(deleted_at__isnull=True),
                name="exchangerate_once",
                violation_error_message=_("There is already a rate of this currency on this day."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="exchangerate_positive",
                violation_error_message=_("A rate is more than zero."),
            ),
            models.CheckConstraint(
                condition=~Q(currency=models.F("base")),
                name="exchangerate_other",
                violation_error_message=_("The base currency needs no rate to itself."),
            ),
        ]
        indexes = [models.Index(fields=["-on", "currency", "id"], name="exchangerate_by_date")]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.base} ({self.on})"
