"""The columns of the contract list."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.tables import NULL, Column, Sort, Table
from customers.models import Customer
from customers.tables import owners, teams
from deals.constants import ContractKind, ContractStatus, Period, Renewal
from deals.models import Contract


def customers(pks: list[int], user: Any) -> dict[int, dict]:
    """The customer of each contract; somebody who may not see it is not told its name."""
    links = dict(Contract._base_manager.filter(pk__in=pks).values_list("pk", "customer_id"))
    rows = Customer.objects.visible_to(user).filter(pk__in=set(links.values()))
    seen = dict(rows.values_list("pk", "name"))
    return {
        pk: {"label": seen[customer], "url": reverse("customers:customer_detail", args=[customer])}
        for pk, customer in links.items()
        if customer in seen
    }


CONTRACTS = Table(
    key="contracts",
    default_sort="-number",
    name_field="number",
    columns=(
        Column("number", _("Number"), ("number",), "link", Sort(("number",)), default=True,
               url="deals:contract_detail"),
        Column("title", _("Title"), ("title",), default=True),
        Column("customer", _("Customer"), kind="link_to", load=customers, default=True),
        Column("kind", _("Kind"), ("kind",), "choice", choices=dict(ContractKind.choices)),
        Column("status", _("Status"), ("status",), "choice", choices=dict(ContractStatus.choices),
               default=True),
        Column("value", _("Value"), ("value",), "money", Sort(("value",), NULL, newest_first=True),
               default=True, total=True, currency="currency"),
        Column("recurring_amount", _("Recurring amount"), ("recurring_amount",), "money",
               currency="currency"),
        Column("recurring_period", _("Recurring"), ("recurring_period",), "choice",
               choices=dict(Period.choices)),
        Column("starts_on", _("Starts"), ("starts_on",), "date", Sort(("starts_on",), NULL)),
        Column("ends_on", _("Ends"), ("ends_on",), "date", Sort(("ends_on",), NULL), default=True),
        Column("notice_on", _("Notice until"), ("notice_on",), "date", Sort(("notice_on",), NULL),
               default=True),
        Column("renewal", _("At the end"), ("renewal",), "choice", choices=dict(Renewal.choices)),
        Column("owner", _("Owner"), ("owner__name",), "person",
               Sort(("owner", "ends_on"), NULL, groups=owners), default=True),
        Column("team", _("Team"), ("team__name",), "person",
               Sort(("team", "ends_on"), NULL, groups=teams)),
        Column("created_at", _("Created"), ("created_at",), "date"),
    ),
)  # fmt: skip
