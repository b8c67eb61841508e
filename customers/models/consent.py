from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Record
from customers.constants import ConsentPurpose, LawfulBasis
from customers.querysets import MethodQuerySet


class Consent(Record):
    """Why we may use somebody's data for one purpose, since when, and until when."""

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="consents",
        verbose_name=_("contact"),
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=ConsentPurpose.choices)
    basis = models.CharField(
        _("lawful basis"), max_length=12, choices=LawfulBasis.choices, default=LawfulBasis.CONSENT
    )
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    source = models.CharField(_("how it was given"), max_length=200, blank=True)
    text_version = models.CharField(_("version of the text"), max_length=40, blank=True)

    objects = MethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-given_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=True, contact__isnull=False)
                | Q(customer__isnull=False, contact__isnull=True),
                name="consent_of_one",
                violation_error_message=_("A consent belongs to one customer or contact."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_dates",
                violation_error_message=_("Consent cannot be withdrawn before it was given."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()

    @property
    def history_root(self) -> tuple[str, int]:
        if self.customer_id:
            return "customers.customer", self.customer_id
        return "customers.contact", self.contact_id or 0
