"""Emptying the trash of deals after 90 days."""

from __future__ import annotations

from datetime import date

from core.nightly import nightly_step
from customers.services.trash import purge, trash_limit
from deals.models import Deal


@nightly_step("deals.empty_trash")
def empty_trash(day: date) -> int:
    """Remove for good what has been in the trash for 90 days; what quotes, contracts or activities
    still need stays. Safe to run twice."""
    return purge(Deal, trash_limit(day))
