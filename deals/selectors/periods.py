"""The periods of the organisation's fiscal year."""

from __future__ import annotations

from accounts.clock import today
from accounts.organisation import get_organisation
from core.periods import Period, period_of
from deals.models import Target


def fiscal_start() -> int:
    """The month in which the fiscal year begins."""
    return get_organisation().fiscal_year_start


def current_period(kind: str) -> Period:
    """The month, quarter or year that runs today."""
    return period_of(today(), kind, fiscal_start=fiscal_start())


def period_of_target(target: Target) -> Period:
    """The period a target is for."""
    return period_of(target.starts_on, target.period, fiscal_start=fiscal_start())
