"""What the exchange rates can be narrowed by."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.filters import ListFilterSet, WordsFilter, day_filters


class RateFilters(ListFilterSet):
    currency = WordsFilter(field_name="currency", label=_("Currency"))
    base = WordsFilter(field_name="base", label=_("Base currency"))
    on, on_from, on_to = day_filters("on", "on", _("Day"), moments=False).values()
    source = WordsFilter(field_name="source", label=_("Source"))


GROUPS: list[tuple[Any, list[str]]] = [
    (_("What"), ["currency", "base", "source"]),
    (_("When"), ["on", "on_from", "on_to"]),
]
