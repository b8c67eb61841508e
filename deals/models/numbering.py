from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The last number given in a series ("Q-2026"). Locked while the next one is taken, in the
    transaction of the document that gets it: a document that fails leaves no gap."""

    key = models.CharField(_("series"), max_length=40, unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.key}-{self.last:04}"
