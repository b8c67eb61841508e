"""What the order list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ListFilterSet, SmallNumberFilter, WordsFilter, day_filters
from customers.models import Customer


class CustomerFilter(SmallNumberFilter):
    """Orders of one customer the reader may see."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return qs
        seen = Customer.objects.visible_to(self.parent.user).filter(pk=int(value))
        return qs.filter(customer__in=list(seen.values_list("pk", flat=True)))


class OrderFilters(ListFilterSet):
    ordered, ordered_from, ordered_to = day_filters("ordered", "ordered_at", _("Ordered")).values()
    channel = WordsFilter(field_name="channel", label=_("Channel"))
    currency = WordsFilter(field_name="currency", label=_("Currency"))
    is_return = django_filters.BooleanFilter(
        label=_("Return"), widget=forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])
    )
    total_min = SmallNumberFilter(field_name="total", lookup_expr="gte", label=_("Total from"))
    total_max = SmallNumberFilter(field_name="total", lookup_expr="lte", label=_("Total to"))
    customer = CustomerFilter(label=_("Customer"), widget=forms.HiddenInput())


GROUPS: list[tuple[Any, list[str]]] = [
    (_("When"), ["ordered", "ordered_from", "ordered_to"]),
    (_("What"), ["channel", "currency", "is_return", "total_min", "total_max", "customer"]),
]
