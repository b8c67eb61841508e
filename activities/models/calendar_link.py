from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarLink(models.Model):
    """A secret address under which one person's calendar is read; we keep only its hash."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="calendar_links",
        verbose_name=_("user"),
    )
    name = models.CharField(_("used in"), max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, unique=True, editable=False, verbose_name=_("checksum"))
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="calendarlink_user")]

    def __str__(self) -> str:
        return self.name or str(self.created_at.date())
