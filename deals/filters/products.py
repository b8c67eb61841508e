"""What the product list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core.filters import ListFilterSet, WordsFilter
from deals.constants import Period


class ProductFilters(ListFilterSet):
    category = WordsFilter(field_name="category", label=_("Category"))
    recurring_period = django_filters.ChoiceFilter(choices=Period.choices, label=_("Recurring"))
    is_active = django_filters.BooleanFilter(
        label=_("On sale"), widget=forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])
    )


GROUPS: list[tuple[Any, list[str]]] = [(_("What"), ["category", "recurring_period", "is_active"])]
