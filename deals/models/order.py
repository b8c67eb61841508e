from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.addresses import row_url
from core.models import Record
from deals.querysets import OrderQuerySet


class Order(Record):
    """What a customer bought on one day: the revenue history. Returns are orders below zero."""

    number = models.CharField(_("number"), max_length=40)
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="orders",
        verbose_name=_("customer"),
    )
    ordered_at = models.DateTimeField(_("ordered"))
    currency = models.CharField(_("currency"), max_length=3)
    # The sum of the lines, kept so that lists and totals need not read them.
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0)
    is_return = models.BooleanField(_("return"), default=False)
    channel = models.CharField(_("channel"), max_length=40, blank=True)
    # The total in the organisation's currency at the rate of the day; empty where there was no rate.
    total_base = models.DecimalField(
        _("total in base currency"), max_digits=18, decimal_places=2, null=True, blank=True, editable=False
    )
    cost = models.DecimalField(_("cost"), max_digits=18, decimal_places=2, null=True, blank=True)
    deal = models.ForeignKey(
        "deals.Deal",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="orders",
        verbose_name=_("deal"),
    )
    contract = models.ForeignKey(
        "deals.Contract",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="orders",
        verbose_name=_("contract"),
    )

    UNTRACKED = Record.UNTRACKED | {"total_base"}

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-ordered_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(deleted_at__isnull=True),
                name="order_number_once",
                violation_error_message=_("There is already an order with this number."),
            )
        ]
        indexes = [
            models.Index(fields=["-ordered_at", "-id"], name="order_by_date"),
            models.Index(fields=["customer", "-ordered_at", "-id"], name="order_by_customer"),
            models.Index(fields=["number", "id"], name="order_by_number"),
            models.Index(fields=["total", "id"], name="order_by_total"),
            models.Index(fields=["channel", "id"], name="order_by_channel"),
            *(
                models.Index(fields=[name], name=f"order_{name}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("deal", "contract")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return row_url("deals:order_detail", self.pk)


class OrderLine(models.Model):
    """One product of an order; a true part, it lives and dies with the order."""

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, db_index=False, related_name="lines", verbose_name=_("order")
    )
    position = models.PositiveIntegerField(_("line"))
    sku = models.CharField(_("product code"), max_length=60, blank=True)
    description = models.CharField(_("product"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=4)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ("order", "position")
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="orderline_position_once")]

    def __str__(self) -> str:
        return self.description or self.sku
