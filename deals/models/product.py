from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import validate_currency
from deals.constants import Period
from deals.models.deal import Deal
from deals.querysets import DealPartQuerySet, ProductQuerySet, ReferenceQuerySet

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class Product(Record):
    """Something we sell."""

    sku = models.CharField(_("product code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=5_000)
    category = models.CharField(_("category"), max_length=80, blank=True)
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    tax_percent = models.DecimalField(
        _("tax (%)"), max_digits=5, decimal_places=2, default=0, validators=PERCENT
    )
    recurring_period = models.CharField(_("recurring"), max_length=7, choices=Period.choices, blank=True)
    cost = models.DecimalField(
        _("cost per unit"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    cost_currency = models.CharField(
        _("currency of the cost"), max_length=3, blank=True, validators=[validate_currency]
    )
    is_active = models.BooleanField(_("on sale"), default=True)
    sort_name = models.CharField(max_length=200, editable=False, default="", verbose_name=_("sorted as"))
    search_text = models.TextField(editable=False, default="", verbose_name=_("searched text"))

    UNTRACKED = Record.UNTRACKED | {"sort_name"}

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ("sort_name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["sku"],
                condition=Q(deleted_at__isnull=True),
                name="product_sku_once",
                violation_error_message=_("There is already a product with this code."),
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | ~Q(cost_currency=""),
                name="product_cost_currency",
                violation_error_message=_("Say which currency the cost is in."),
            ),
            models.CheckConstraint(
                condition=Q(tax_percent__gte=0, tax_percent__lte=100), name="product_tax_range"
            ),
        ]
        indexes = [
            models.Index(
                fields=[*fields, "id"], name=f"product_by_{name}", condition=Q(deleted_at__isnull=True)
            )
            for name, fields in {
                "name": ["sort_name"],
                "sku": ["sku"],
                "category": ["category", "sort_name"],
            }.items()
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:product_detail", args=[self.pk])


class PriceBook(Record):
    """Prices in one currency for some time, for everybody or for a group of customers."""

    name = models.CharField(_("name"), max_length=120)
    currency = models.CharField(_("currency"), max_length=3, validators=[validate_currency])
    is_default = models.BooleanField(_("used when none is chosen"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price book")
        verbose_name_plural = _("price books")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(deleted_at__isnull=True),
                name="pricebook_name_once",
                violation_error_message=_("There is already a price book with this name."),
            ),
            models.UniqueConstraint(
                fields=["currency"],
                condition=Q(is_default=True, deleted_at__isnull=True),
                name="pricebook_one_default",
                violation_error_message=_("This currency has a default price book already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="pricebook_period",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("deals:pricebook_detail", args=[self.pk])


class Price(Record):
    """What one unit of a product costs in a price book, from a quantity upwards."""

    price_book = models.ForeignKey(
        PriceBook,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="prices",
        verbose_name=_("price book"),
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="prices", verbose_name=_("product")
    )
    min_quantity = models.DecimalField(
        _("from quantity"),
        max_digits=14,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(Decimal(0))],
    )
    unit_price = models.DecimalField(
        _("unit price"), max_digits=18, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ("price_book", "product", "min_quantity", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["price_book", "product", "min_quantity"],
                condition=Q(deleted_at__isnull=True),
                name="price_once",
                violation_error_message=_("There is already a price from this quantity on."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.unit_price}"

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.pricebook", self.price_book_id


class LineItem(Record):
    """Columns of a line on a deal or a quote. Sums are computed by `deals.pricing` and kept."""

    position = models.PositiveIntegerField(_("line"), editable=False)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=300)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=14,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(Decimal("0.001"))],
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    unit_price = models.DecimalField(
        _("unit price"), max_digits=18, decimal_places=4, validators=[MinValueValidator(Decimal(0))]
    )
    discount_percent = models.DecimalField(
        _("discount (%)"), max_digits=5, decimal_places=2, default=0, validators=PERCENT
    )
    tax_percent = models.DecimalField(
        _("tax (%)"), max_digits=5, decimal_places=2, default=0, validators=PERCENT
    )
    recurring_period = models.CharField(_("recurring"), max_length=7, choices=Period.choices, blank=True)
    # Cost of one unit in the currency of the deal, frozen when the line is written; empty: unknown.
    unit_cost = models.DecimalField(
        _("unit cost"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    # Three decimals, because some currencies have them.
    net = models.DecimalField(_("net"), max_digits=18, decimal_places=3, default=0, editable=False)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=3, default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="%(class)s_quantity_positive"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="%(class)s_price_positive"),
            models.CheckConstraint(
                condition=Q(discount_percent__range=(0, 100)), name="%(class)s_discount_range"
            ),
            models.CheckConstraint(condition=Q(tax_percent__range=(0, 100)), name="%(class)s_tax_range"),
        ]

    def __str__(self) -> str:
        return self.description


class DealLine(LineItem):
    """What a deal is about, product by product."""

    deal = models.ForeignKey(
        Deal, on_delete=models.CASCADE, db_index=False, related_name="lines", verbose_name=_("deal")
    )

    objects = DealPartQuerySet.as_manager()

    class Meta(LineItem.Meta):
        verbose_name = _("deal line")
        verbose_name_plural = _("deal lines")
        indexes = [
            models.Index(fields=["deal", "position", "id"], name="dealline_by_deal"),
            models.Index(fields=["product", "deal"], name="dealline_by_product"),
        ]

    @property
    def history_root(self) -> tuple[str, int]:
        return "deals.deal", self.deal_id
