from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import validate_currency
from deals.constants import QuoteStatus
from deals.models.deal import Deal
from deals.models.product import LineItem
from deals.querysets import QuotePartQuerySet, QuoteQuerySet


class Quote(Record):
    """An offer in writing. What was sent never changes; a change is a new version of the same number."""

    number = models.CharField(_("number"), max_length=40)
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, db_index=False, related_name="quotes", verbose_name=_("deal")
    )
    contact = models.ForeignKey(
        "customers.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("addressed to"),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=QuoteStatus.choices, default=QuoteStatus.DRAFT, editable=False
    )
    # Names and addresses as printed: a customer renamed later does not change what was sent.
    recipient = models.TextField(_("recipient as printed"), blank=True, max_length=500)
    sender = models.TextField(_("sender as printed"), blank=True, max_length=700, editable=False)
    # Of the document, which is the customer's and not the seller's.
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    quoted_on = models.DateField(_("date"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    introduction = models.TextField(_("introduction"), blank=True, max_length=5_000)
    terms = models.TextField(_("terms"), blank=True, max_length=10_000)
    net = models.DecimalField(_("net"), max_digits=18, decimal_places=3, default=0, editable=False)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=3, default=0, editable=False)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=3, default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    # The checksum of what was sent (`deals.services.sealing`): empty for a draft.
    seal = models.CharField(_("checksum"), max_length=64, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    # The customer's answer, as given on the public page or noted by the seller.
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_name = models.CharField(_("answered by"), max_length=120, blank=True, editable=False)
    answered_email = models.EmailField(_("e-mail"), blank=True, editable=False)
    answered_ip = models.GenericIPAddressField(_("address"), null=True, blank=True, editable=False)
    answer_note = models.CharField(_("note of the customer"), max_length=1_000, blank=True, editable=False)

    UNTRACKED = Record.UNTRACKED | {"seal", "reminded_at"}

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ("-quoted_on", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["number", "revision"], name="quote_number_once"),
            models.UniqueConstraint(
                fields=["deal"],
                condition=Q(status=QuoteStatus.ACCEPTED, deleted_at__isnull=True),
                name="quote_one_accepted",
                violation_error_message=_("Another quote of this deal is accepted already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("quoted_on")),
                name="quote_validity",
                violation_error_message=_("A quote cannot end before its date."),
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "-quoted_on", "-id"], name="quote_by_deal"),
            models.Index(fields=["-quoted_on", "-id"], name="quote_by_date"),
            models.Index(fields=["status", "valid_until", "id"], name="quote_by_status"),
            models.Index(fields=["total", "id"], name="quote_by_total"),
            models.Index(fields=["number", "id"], name="quote_by_number"),
            models.Index(fields=["valid_until", "id"], name="quote_by_validity"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.revision}" if self.revision > 1 else self.number

    def get_absolute_url(self) -> str:
        return reverse("deals:quote_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == QuoteStatus.DRAFT


class QuoteLine(LineItem):
    """One line of a quote, copied from the deal and then its own."""

    quote = models.ForeignKey(
        Quote, on_delete=models.CASCADE, db_index=False, related_name="lines", verbose_name=_("quote")
    )

    objects = QuotePartQuerySet.as_manager()

    class Meta(LineItem.Meta):
        verbose_name = _("quote line")
        verbose_name_plural = _("quote lines")
        indexes = [models.Index(fields=["quote", "position", "id"], name="quoteline_by_quote")]

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.quote", self.quote_id
