"""Time zones to choose from and to check against."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@lru_cache(maxsize=1)
def zone_names() -> list[str]:
    """Names of places, sorted, after UTC; the current name of each place, not its old ones."""
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return ["UTC", *sorted({row[2] for row in rows} & available_timezones())]


@lru_cache(maxsize=1)
def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """For a select, grouped by region."""
    groups: list[tuple[str, str | list[tuple[str, str]]]] = [("UTC", "UTC")]
    for region, names in groupby(zone_names()[1:], key=lambda name: name.split("/")[0]):
        groups.append((region, [(name, _place(name)) for name in names]))
    return groups


def _place(name: str) -> str:
    return name.split("/", 1)[1].replace("_", " ").replace("/", ", ")


def validate_zone(name: str) -> None:
    """Refuse what is not the name of a time zone, for model fields."""
    if name and name not in available_timezones():
        raise ValidationError(_("This is not a time zone."), code="time_zone")
