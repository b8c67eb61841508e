"""The columns of the exchange rates."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Sort, Table


class RateColumn(Column):
    """A rate with the decimals it has, no more."""

    def html(self, row: dict[str, Any]) -> str:
        return number_format(row["rate"].normalize(), use_l10n=True)


RATES = Table(
    key="exchange_rates",
    default_sort="-on",
    name_field="currency",
    columns=(
        Column(
            "currency",
            _("Currency"),
            ("currency",),
            "link",
            Sort(("currency",)),
            default=True,
            url="deals:exchangerate_update",
        ),
        Column("on", _("From"), ("on",), "date", Sort(("on",), newest_first=True), default=True),
        RateColumn("rate", _("Rate"), ("rate",), "number", default=True),
        Column("base", _("Base currency"), ("base",), default=True),
        Column("source", _("Source"), ("source",), default=True),
        Column("created_at", _("Created"), ("created_at",), "date"),
    ),
)
