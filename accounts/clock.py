"""Which day it is. A day is a day in the organisation's time zone, wherever the reader sits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.organisation import get_organisation


def organisation_zone() -> ZoneInfo:
    return ZoneInfo(get_organisation().time_zone)


def zone_of(user: Any) -> ZoneInfo:
    """The time zone a person chose, else the organisation's."""
    return ZoneInfo(getattr(user, "time_zone", "")) if getattr(user, "time_zone", "") else organisation_zone()


def today(now: datetime | None = None) -> date:
    """Today, or the day of `now`, in the organisation's time zone."""
    return (now or timezone.now()).astimezone(organisation_zone()).date()


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The half-open [start, end) of a day as aware datetimes; 23 or 25 hours when clocks change."""
    zone = organisation_zone()
    start = datetime.combine(day, time.min, zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, zone)
