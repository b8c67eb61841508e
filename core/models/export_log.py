from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ExportLog(models.Model):
    """Who took which rows out, when; and where the file waits if it was made in the background."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="exports",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    page = models.CharField(_("list"), max_length=60)
    kind = models.CharField(_("format"), max_length=4)
    query = models.CharField(_("filters"), max_length=2000, blank=True)
    every_field = models.BooleanField(_("all fields"), default=False)
    rows = models.PositiveBigIntegerField(_("rows"), null=True, blank=True)
    # A random name in the private storage; empty for a download that was streamed.
    file = models.CharField(max_length=100, blank=True, editable=False, verbose_name=_("file"))
    expires_at = models.DateTimeField(_("to be fetched until"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["user", "-at"], name="exportlog_user")]

    def __str__(self) -> str:
        return f"{self.page}.{self.kind}"
