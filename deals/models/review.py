from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.constants import Decided
from deals.models.deal import Deal
from deals.models.people import Competitor
from deals.querysets import DealPartQuerySet


class WinLossReview(Record):
    """Why a deal was won or lost, as the customer sees it; one per closed deal."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="reviews", verbose_name=_("deal")
    )
    decided = models.CharField(_("what decided"), max_length=12, choices=Decided.choices)
    explanation = models.TextField(_("what happened"), blank=True, max_length=5_000)
    competitor = models.ForeignKey(
        Competitor,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("main competitor"),
    )
    quote = models.TextField(_("in the customer's words"), blank=True, max_length=3_000)
    source = models.ForeignKey(
        "customers.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("told by"),
    )
    lesson = models.TextField(_("what we do differently next time"), blank=True, max_length=3_000)
    reviewed_on = models.DateField(_("reviewed on"))
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )

    objects = DealPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("win/loss review")
        verbose_name_plural = _("win/loss reviews")
        ordering = ("-reviewed_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(deleted_at__isnull=True),
                name="winlossreview_once",
                violation_error_message=_("This deal has a review already."),
            )
        ]
        indexes = [models.Index(fields=["-reviewed_on", "-id"], name="winlossreview_by_date")]

    def __str__(self) -> str:
        return f"{self.deal} {self.reviewed_on}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
