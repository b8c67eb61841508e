"""What the contract list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.filters import SmallNumberFilter, day_filters
from customers.filters import OwnedFilters
from deals.constants import ContractKind, ContractStatus, Renewal
from deals.filters.orders import CustomerFilter

ENDS = ("overdue", "next_7", "this_month", "never")


class ContractFilters(OwnedFilters):
    last_contacted = None  # type: ignore[assignment]

    def extra_filters(self) -> dict[str, django_filters.Filter]:
        """Contracts have no custom fields."""
        return {}

    customer = CustomerFilter(label=_("Customer"), widget=forms.HiddenInput())
    status = django_filters.MultipleChoiceFilter(
        label=_("Status"), choices=ContractStatus.choices, distinct=False
    )
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=ContractKind.choices, distinct=False)
    renewal = django_filters.MultipleChoiceFilter(
        label=_("At the end"), choices=Renewal.choices, distinct=False
    )
    ends, ends_from, ends_to = day_filters("ends", "ends_on", _("Ends"), names=ENDS, moments=False).values()
    value_min = SmallNumberFilter(field_name="value", lookup_expr="gte", label=_("Value from"))
    value_max = SmallNumberFilter(field_name="value", lookup_expr="lte", label=_("Value to"))


GROUPS: list[tuple[Any, list[str]]] = [
    (_("What"), ["status", "kind", "renewal", "value_min", "value_max", "customer"]),
    (_("When"), ["ends", "ends_from", "ends_to"]),
    (_("Who"), ["owner", "team"]),
]
