from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.text import digits
from customers.constants import MethodKind
from customers.querysets import MethodQuerySet


class ContactMethod(Record):
    """A way to reach a customer or a contact: an e-mail address, a phone number, a chat name.

    `key` is the normal form used to search and to find duplicates: lower case for e-mail,
    digits for phone.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="methods",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="methods",
        verbose_name=_("contact"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MethodKind.choices)
    label = models.CharField(_("label"), max_length=40, blank=True)
    value = models.CharField(_("address or number"), max_length=254)
    key = models.CharField(max_length=254, editable=False, verbose_name=_("compared as"))
    primary = models.BooleanField(_("main"), default=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    opted_out_at = models.DateTimeField(_("opted out"), null=True, blank=True)

    UNTRACKED = Record.UNTRACKED | {"key"}

    objects = MethodQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        ordering = ("kind", "-primary", "pk")
        indexes = [
            models.Index(fields=["key"], name="method_key"),
            *(
                models.Index(fields=[name], name=f"method_{name}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("customer", "contact")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=True, contact__isnull=False)
                | Q(customer__isnull=False, contact__isnull=True),
                name="method_of_one",
                violation_error_message=_("A contact method belongs to one customer or contact."),
            )
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def history_root(self) -> tuple[str, int]:
        if self.customer_id:
            return "customers.customer", self.customer_id
        return "customers.contact", self.contact_id or 0

    @property
    def dial(self) -> str:
        """What a tel: link dials: digits, with the plus of an international number."""
        plus = "+" if self.value.strip().startswith("+") else ""
        return plus + digits(self.value.partition("x")[0])
