from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.models.deal import Deal


class DealFavourite(models.Model):
    """A star somebody put on a deal, for themselves only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="favourite_deals",
        verbose_name=_("user"),
    )
    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, related_name="favourites", verbose_name=_("deal")
    )
    created_at = models.DateTimeField(_("starred"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("favourite deal")
        verbose_name_plural = _("favourite deals")
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=["user", "deal"], name="dealfavourite_once")]

    def __str__(self) -> str:
        return str(self.deal)
