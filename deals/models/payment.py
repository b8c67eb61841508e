from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from deals.constants import PaymentStatus
from deals.models.order import Order
from deals.querysets import OrderPartQuerySet


class Payment(Record):
    """Money for an order: due, paid or given back. In the order's currency."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, db_index=False, related_name="payments", verbose_name=_("order")
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    status = models.CharField(
        _("status"), max_length=9, choices=PaymentStatus.choices, default=PaymentStatus.DUE
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    paid_on = models.DateField(_("paid"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=40, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)

    objects = OrderPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("due_on", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=Decimal(0)),
                name="payment_positive",
                violation_error_message=_("A payment is more than zero; a refund has its own status."),
            ),
            models.CheckConstraint(
                condition=~Q(status=PaymentStatus.PAID) | Q(paid_on__isnull=False),
                name="payment_paid_on",
                violation_error_message=_("Say on which day it was paid."),
            ),
        ]
        indexes = [
            models.Index(fields=["order", "due_on", "id"], name="payment_by_order"),
            models.Index(fields=["status", "due_on", "id"], name="payment_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_status_display()}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.order", self.order_id
