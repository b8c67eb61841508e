from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RecentRecord(models.Model):
    """A record somebody opened lately. It keeps the id only; the name is read when shown, by the
    visibility of that moment."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="recent_records",
        verbose_name=_("user"),
    )
    model = models.CharField(max_length=100, verbose_name=_("kind of record"))
    object_id = models.BigIntegerField(verbose_name=_("record number"))
    at = models.DateTimeField(default=timezone.now, verbose_name=_("opened"))

    class Meta:
        verbose_name = _("recently opened record")
        verbose_name_plural = _("recently opened records")
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["user", "model", "object_id"], name="recentrecord_once")
        ]
        indexes = [models.Index(fields=["user", "-at"], name="recentrecord_user")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
