"""The columns of the order list."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tables import BLANK, Column, Sort, Table
from customers.models import Customer
from deals.models import Order, OrderLine


def customers(pks: list[int], user: Any) -> dict[int, dict]:
    """The customer of each order; somebody who may not see it is not told its name."""
    links = dict(
        Order._base_manager.filter(pk__in=pks, customer__isnull=False).values_list("pk", "customer_id")
    )
    seen = dict(
        Customer.objects.visible_to(user).filter(pk__in=set(links.values())).values_list("pk", "name")
    )
    return {
        pk: {"label": seen[customer], "url": reverse("customers:customer_detail", args=[customer])}
        for pk, customer in links.items()
        if customer in seen
    }


def customer_numbers(pks: list[int], user: Any) -> dict[int, str]:
    """The customer's own number, by which an import finds it again."""
    links = dict(
        Order._base_manager.filter(pk__in=pks, customer__isnull=False).values_list("pk", "customer_id")
    )
    rows = Customer.objects.visible_to(user).filter(pk__in=set(links.values()))
    seen = dict(rows.values_list("pk", "external_id"))
    return {pk: seen[customer] for pk, customer in links.items() if customer in seen}


def line_counts(pks: list[int], user: Any) -> dict[int, int]:
    rows = OrderLine.objects.filter(order__in=pks).order_by()
    return dict(rows.values_list("order").annotate(n=Count("pk")))


ORDERS = Table(
    key="orders",
    default_sort="-ordered_at",
    name_field="number",
    columns=(
        Column(
            "number",
            _("Number"),
            ("number",),
            "link",
            Sort(("number",)),
            default=True,
            url="deals:order_detail",
        ),
        Column(
            "ordered_at",
            _("Ordered"),
            ("ordered_at",),
            "date",
            Sort(("ordered_at",), newest_first=True),
            default=True,
        ),
        Column("customer", _("Customer"), kind="link_to", load=customers, default=True),
        Column("customer_number", _("Customer number"), load=customer_numbers),
        Column("lines", _("Lines"), kind="number", load=line_counts, default=True),
        Column(
            "total",
            _("Total"),
            ("total",),
            "money",
            Sort(("total",), newest_first=True),
            default=True,
            total=True,
            currency="currency",
        ),
        Column("currency", _("Currency"), ("currency",)),
        Column("is_return", _("Return"), ("is_return",), "bool"),
        Column("channel", _("Channel"), ("channel",), sort=Sort(("channel",), BLANK), default=True),
        Column("created_at", _("Created"), ("created_at",), "date"),
    ),
)
