from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activities.models.base import OfCustomer
from activities.querysets import OfCustomerQuerySet
from core.files import MAX_NAME, random_name


def random_path(attachment: Any, filename: str) -> str:
    """A path that owes nothing to the name somebody gave the file."""
    return random_name("attachments")


class Attachment(OfCustomer):
    """A file kept with a customer, or with one activity of theirs."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name=_("customer"),
    )
    activity = models.ForeignKey(
        "activities.Activity",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("activity"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    file = models.FileField(_("file"), upload_to=random_path, max_length=100)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64, verbose_name=_("checksum"))
    content_type = models.CharField(_("type"), max_length=100)

    objects = OfCustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("-created_at", "-pk")
        indexes = [
            models.Index(
                fields=["customer", "-created_at", "-id"],
                name="attachment_customer",
                condition=Q(deleted_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("activities:attachment_download", args=[self.pk])
