"""Fiscal quarters by the names filters know them by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.organisation import get_organisation
from core.periods import period_of

QUARTERS: dict[str, Any] = {
    "last_quarter": _("Last quarter"),
    "this_quarter": _("This quarter"),
    "next_quarter": _("Next quarter"),
}


def quarter(day: date, shift: int = 0) -> tuple[date, date]:
    """The half-open range of the fiscal quarter of a day, or of one before or after it."""
    found = period_of(day, "quarter", fiscal_start=get_organisation().fiscal_year_start).next(shift)
    return found.start, found.end
