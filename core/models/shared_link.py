from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SharedLink(models.Model):
    """An address that shows one thing to somebody without a log-in.

    The address is a signature over this row (`core.shared_links`), so it cannot be guessed; it ends
    on its day and can be revoked before.
    """

    # What is shown ("quote", "close_plan", …) and which one; the views know the models.
    purpose = models.CharField(_("shows"), max_length=20)
    object_id = models.BigIntegerField(_("record number"))
    # Part of what is signed: a revoked link and its successor differ.
    nonce = models.CharField(max_length=32, editable=False, verbose_name=_("nonce"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    first_opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(fields=["purpose", "object_id", "-created_at", "-id"], name="sharedlink_object")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id}"

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
