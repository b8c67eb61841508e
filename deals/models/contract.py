from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.files import random_name
from core.models import Record
from core.money import validate_currency
from deals.constants import ContractKind, ContractStatus, Period, Renewal, Side
from deals.querysets import ContractPartQuerySet, ContractQuerySet

FOLDER = "contracts"


def document_path(version: Any, filename: str) -> str:
    """A path that owes nothing to the name somebody gave the file."""
    return random_name(FOLDER)


class Contract(Record):
    """What both sides signed: value, term, duties, and when it must be renewed or given notice."""

    number = models.CharField(_("number"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=9, choices=ContractKind.choices, default=ContractKind.PROJECT
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        db_index=False,
        related_name="contracts",
        verbose_name=_("customer"),
    )
    deal = models.ForeignKey(
        "deals.Deal",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("deal"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ContractStatus.choices,
        default=ContractStatus.DRAFT,
        editable=False,
    )
    value = models.DecimalField(
        _("value"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    recurring_amount = models.DecimalField(
        _("recurring amount"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    recurring_period = models.CharField(_("recurring"), max_length=7, choices=Period.choices, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    # The last day of the term.
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    renewal = models.CharField(_("at the end"), max_length=9, choices=Renewal.choices, default=Renewal.MANUAL)
    renewal_months = models.PositiveSmallIntegerField(_("renewed for (months)"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("notice (days before the end)"), null=True, blank=True)
    # Derived from ends_on and notice_days: the last day on which notice can be given.
    notice_on = models.DateField(_("notice until"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True, editable=False)
    # Set when notice was given: the contract runs until its end and is then terminated.
    termination_reason = models.CharField(_("why it was ended"), max_length=300, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contracts",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="contracts",
        verbose_name=_("team"),
    )
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("renews"),
    )
    description = models.TextField(_("description"), blank=True, max_length=10_000)

    UNTRACKED = Record.UNTRACKED | {"notice_on", "reminded_at"}

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(deleted_at__isnull=True),
                name="contract_number_once",
                violation_error_message=_("There is already a contract with this number."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="contract_term",
                violation_error_message=_("A contract cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(recurring_amount__isnull=True) | ~Q(recurring_period=""),
                name="contract_recurring_period",
                violation_error_message=_("Say how often the recurring amount is paid."),
            ),
        ]
        indexes = [
            models.Index(
                fields=[*fields, "id"], name=f"contract_by_{name}", condition=Q(deleted_at__isnull=True)
            )
            for name, fields in {
                "number": ["number"],
                "customer": ["customer"],
                "end": ["ends_on"],
                "notice": ["notice_on"],
                "status": ["status", "ends_on"],
                "value": ["value"],
                "start": ["starts_on"],
                "owner": ["owner", "ends_on"],
                "team": ["team", "ends_on"],
            }.items()
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("deals:contract_detail", args=[self.pk])


class ContractVersion(Record):
    """One text of a contract: the first one, then each amendment, with the checksum of its PDF."""

    contract = models.ForeignKey(
        Contract,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="versions",
        verbose_name=_("contract"),
    )
    number = models.PositiveSmallIntegerField(_("version"))
    summary = models.CharField(_("what changed"), max_length=300, blank=True)
    document = models.FileField(_("document (PDF)"), upload_to=document_path, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    signed_document = models.FileField(
        _("signed copy (PDF)"), upload_to=document_path, max_length=200, blank=True
    )
    signed_file_name = models.CharField(_("name of the signed file"), max_length=200, blank=True)
    signed_sha256 = models.CharField(_("SHA-256 of the signed copy"), max_length=64, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = ContractPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the contract")
        verbose_name_plural = _("versions of the contract")
        ordering = ("-number", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contractversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contract.number} v{self.number}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.contract", self.contract_id


class Obligation(Record):
    """Something one side owes the other under a contract, by a day."""

    contract = models.ForeignKey(
        Contract,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="obligations",
        verbose_name=_("contract"),
    )
    side = models.CharField(_("who"), max_length=8, choices=Side.choices, default=Side.US)
    text = models.CharField(_("duty"), max_length=300)
    due_on = models.DateField(_("due"), null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("followed up by"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)

    objects = ContractPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = (F("due_on").asc(nulls_last=True), "pk")
        indexes = [
            models.Index(fields=["contract", "due_on", "id"], name="obligation_by_contract"),
            models.Index(fields=["due_on", "id"], name="obligation_due", condition=Q(done_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.contract", self.contract_id
