"""Whose clock counts. The app that knows people and their organisation says which one it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, tzinfo
from typing import Any

from django.utils import timezone


def _default(user: Any) -> tzinfo:
    return timezone.get_default_timezone()


_zone_of: Callable[[Any], tzinfo] = _default


def use(zone_of: Callable[[Any], tzinfo]) -> None:
    """Name the function that gives a person's time zone, and the organisation's for nobody."""
    global _zone_of  # set once, when the apps are ready
    _zone_of = zone_of


def zone_of(user: Any) -> tzinfo:
    """The time zone a person reads times in; for None that of the organisation."""
    return _zone_of(user)


def day_start(day: date) -> datetime:
    """The moment a day of the organisation begins."""
    return datetime.combine(day, time.min, zone_of(None))
