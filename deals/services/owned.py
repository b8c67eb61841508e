"""Columns of a deal that higher apps compute. They are not edits: no version, no history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from deals.models import Deal
from deals.services.derived import day_reader, rots_on


def write_next_step(rows: Mapping[int, tuple[str, date | None]]) -> int:
    """Set what comes next on each deal, and by when; returns how many differed."""
    return _write({pk: {"next_step": text[:200], "next_step_on": on} for pk, (text, on) in rows.items()})


def write_last_activity(rows: Mapping[int, datetime | None]) -> int:
    """Set when something last happened on each deal; returns how many differed."""
    return _write({pk: {"last_activity_at": at} for pk, at in rows.items()})


def _write(rows: Mapping[int, Mapping[str, Any]]) -> int:
    """Rotting counts from these columns, so it is worked out with them."""
    names = sorted({name for values in rows.values() for name in values})
    day_of = day_reader()
    changed = []
    wanted = Deal._base_manager.filter(pk__in=rows).select_related("stage").order_by("pk")
    for row in wanted.only(
        "status",
        "stage_since",
        "last_activity_at",
        "next_step",
        "next_step_on",
        "rots_on",
        "stage__rotting_days",
    ):
        if any(getattr(row, name) != value for name, value in rows[row.pk].items()):
            for name, value in rows[row.pk].items():
                setattr(row, name, value)
            row.rots_on = rots_on(row, row.stage, day_of)
            changed.append(row)
    if changed:
        Deal._base_manager.bulk_update(changed, [*names, "rots_on"], batch_size=200)
    return len(changed)
