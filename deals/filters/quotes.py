"""What the quote list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import FUTURE, PAST, ListFilterSet, SmallNumberFilter, WordsFilter, day_filters
from deals.constants import QuoteStatus
from deals.models import Deal


class DealFilter(SmallNumberFilter):
    """Quotes of one deal the reader may see."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value is None:
            return qs
        seen = Deal.objects.visible_to(self.parent.user).filter(pk=int(value))
        return qs.filter(deal__in=list(seen.values_list("pk", flat=True)))


class QuoteFilters(ListFilterSet):
    status = django_filters.MultipleChoiceFilter(choices=QuoteStatus.choices, label=_("Status"))
    quoted, quoted_from, quoted_to = day_filters(
        "quoted", "quoted_on", _("Date"), names=PAST, moments=False
    ).values()
    valid, valid_from, valid_to = day_filters(
        "valid", "valid_until", _("Valid until"), names=FUTURE, moments=False
    ).values()
    currency = WordsFilter(field_name="currency", label=_("Currency"))
    total_min = SmallNumberFilter(field_name="total", lookup_expr="gte", label=_("Total from"))
    total_max = SmallNumberFilter(field_name="total", lookup_expr="lte", label=_("Total to"))
    deal = DealFilter(label=_("Deal"), widget=forms.HiddenInput())


GROUPS: list[tuple[Any, list[str]]] = [
    (_("What"), ["status", "currency", "total_min", "total_max", "deal"]),
    (_("When"), ["quoted", "quoted_from", "quoted_to", "valid", "valid_from", "valid_to"]),
]
