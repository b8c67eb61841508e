"""Contracts whose end or last day for notice comes near."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from deals.constants import ContractStatus, Period
from deals.models import Contract
from deals.selectors.rates import Rates

MOST = 500
A_YEAR = {Period.MONTH: 12, Period.QUARTER: 4, Period.YEAR: 1}


@dataclass(frozen=True)
class Due:
    """A contract with the day something must be decided about it."""

    contract: Contract
    on: date
    is_notice: bool  # the day is the last one for notice, not the end
    days: int
    yearly: Decimal | None  # in the base currency; None where there is no amount or no rate


@dataclass(frozen=True)
class Renewals:
    """What is due in the next days, in order, with its value."""

    rows: list[Due]
    yearly: Decimal
    unpriced: int
    more: bool


def yearly(contract: Contract) -> Decimal | None:
    """What the contract brings in a year, in its own currency: the recurring amount, or the value by
    the length of the term; the value itself where it has no term."""
    if contract.recurring_amount is not None and contract.recurring_period:
        return contract.recurring_amount * A_YEAR[Period(contract.recurring_period)]
    if contract.value is None:
        return None
    if contract.starts_on is None or contract.ends_on is None:
        return contract.value
    days = (contract.ends_on - contract.starts_on).days + 1
    return (contract.value * 365 / days).quantize(Decimal("0.01")) if days > 365 else contract.value


def renewals(user: Any, *, day: date, within: int) -> Renewals:
    """Signed contracts that end, or must be given notice, within so many days; overdue ones first."""
    until = day + timedelta(days=within)
    rows = (
        Contract.objects.visible_to(user)
        .filter(status=ContractStatus.SIGNED)
        .filter(Q(ends_on__lte=until) | Q(notice_on__lte=until, notice_on__gte=day))
        .annotate(decided=Coalesce(F("notice_on"), F("ends_on")))
        .select_related("owner", "customer")
        .order_by("decided", "pk")
    )
    found, rates = list(rows[: MOST + 1]), Rates()
    due = [_due(contract, day, rates) for contract in found[:MOST]]
    due.sort(key=lambda one: (one.on, one.contract.pk))
    return Renewals(
        due,
        sum((one.yearly for one in due if one.yearly is not None), Decimal(0)),
        sum(one.yearly is None for one in due),
        len(found) > MOST,
    )


def _due(contract: Contract, day: date, rates: Rates) -> Due:
    notice = contract.notice_on is not None and contract.notice_on >= day and not contract.termination_reason
    on = contract.notice_on if notice else contract.ends_on
    assert on is not None  # the query asks for one of them
    worth = rates.to_base(yearly(contract), contract.currency, day)
    return Due(contract, on, notice, (on - day).days, worth)
