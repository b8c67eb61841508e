"""The columns of the product list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from accounts.organisation import get_organisation
from core.money import format_money
from core.tables import BLANK, Column, Row, Sort, Table
from deals.constants import Period
from deals.formats import trimmed
from deals.models import Product
from deals.selectors.prices import PriceList


def list_prices(pks: Any, user: Any) -> dict[int, str]:
    """The price of one unit in the organisation's currency."""
    currency = get_organisation().base_currency
    ids = list(Product.objects.visible_to(user).filter(pk__in=pks).values_list("pk", flat=True))
    prices = PriceList(ids, currency, today())
    found = {pk: prices.unit_price(pk, Decimal(1)) for pk in ids}
    return {pk: format_money(price, currency, exact=True) for pk, price in found.items() if price is not None}


class PercentColumn(Column):
    """A rate without the zeros its column adds."""

    def html(self, row: Row) -> str:
        return trimmed(row[self.fields[0]])


PRODUCTS = Table(
    key="products",
    default_sort="name",
    columns=(
        Column("name", _("Name"), ("name",), "link", Sort(("sort_name",)), default=True,
               url="deals:product_detail"),
        Column("sku", _("Product code"), ("sku",), sort=Sort(("sku",)), default=True),
        Column("category", _("Category"), ("category",), sort=Sort(("category", "sort_name"), BLANK),
               default=True),
        Column("price", _("List price"), load=list_prices, default=True),
        Column("unit", _("Unit"), ("unit",)),
        PercentColumn("tax_percent", _("Tax (%)"), ("tax_percent",), "number", default=True),
        Column("recurring_period", _("Recurring"), ("recurring_period",), "choice",
               choices=dict(Period.choices), default=True),
        Column("cost", _("Cost per unit"), ("cost",), "money", currency="cost_currency"),
        Column("is_active", _("On sale"), ("is_active",), "bool", default=True),
    ),
)  # fmt: skip
