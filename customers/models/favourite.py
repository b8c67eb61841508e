from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Favourite(models.Model):
    """A star somebody put on a customer or a contact, for themselves only."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites", verbose_name=_("user")
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="favourites",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="favourites",
        verbose_name=_("contact"),
    )
    created_at = models.DateTimeField(_("starred"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=True, contact__isnull=False)
                | Q(customer__isnull=False, contact__isnull=True),
                name="favourite_of_one",
            ),
            models.UniqueConstraint(fields=["user", "customer"], name="favourite_customer_once"),
            models.UniqueConstraint(fields=["user", "contact"], name="favourite_contact_once"),
        ]

    def __str__(self) -> str:
        return str(self.customer or self.contact)
