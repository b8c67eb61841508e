from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.constants import ForecastCategory


class ForecastSnapshot(models.Model):
    """What the forecast said on a day: open and closed deals by month, person, team and category.

    Written once a week by the night, never changed afterwards; the accuracy of the forecast is
    measured against it.
    """

    taken_on = models.DateField(_("taken on"))
    # First day of the month the deals were expected to close in (or closed in).
    month = models.DateField(_("month"))
    pipeline = models.ForeignKey(
        "deals.Pipeline", on_delete=models.CASCADE, related_name="+", verbose_name=_("pipeline")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    category = models.CharField(_("forecast category"), max_length=9, choices=ForecastCategory.choices)
    deals = models.PositiveIntegerField(_("deals"))
    # Deals without an amount or a rate: counted, not priced.
    unpriced = models.PositiveIntegerField(_("without a price"), default=0)
    amount = models.DecimalField(_("amount in base currency"), max_digits=20, decimal_places=2)
    weighted = models.DecimalField(_("weighted"), max_digits=20, decimal_places=2)
    # Weighted by the measured chance of each stage, as known on that day.
    weighted_measured = models.DecimalField(
        _("weighted by measured probability"), max_digits=20, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("base currency"), max_length=3)

    class Meta:
        verbose_name = _("forecast snapshot")
        verbose_name_plural = _("forecast snapshots")
        ordering = ("-taken_on", "month", "pk")
        constraints = [
            # Expressions, because SQLite holds two rows without an owner for different.
            models.UniqueConstraint(
                "taken_on",
                "month",
                "pipeline",
                Coalesce("owner", 0),
                Coalesce("team", 0),
                "category",
                name="forecastsnapshot_once",
            )
        ]
        indexes = [models.Index(fields=["month", "taken_on"], name="forecastsnapshot_month")]

    def __str__(self) -> str:
        return f"{self.taken_on} {self.month:%Y-%m} {self.category}"


class StoredResult(models.Model):
    """A calculation that takes too long for a page, as it came out at a time that the page shows."""

    key = models.CharField(_("what"), max_length=200, unique=True)
    data = models.JSONField(_("result"))
    # How many rows it was worked out from: while they are few, pages count them anew.
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    computed_at = models.DateTimeField(_("as of"), default=timezone.now)

    class Meta:
        verbose_name = _("stored result")
        verbose_name_plural = _("stored results")
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key
