"""How this organisation sells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.changes import change_set
from core.models import ChangeSet
from deals.models import SalesSettings


def update_settings(
    *, data: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change the settings; the first change makes the row."""
    row = SalesSettings.load()
    if row.pk and not row._state.adding:
        with change_set(kind=ChangeSet.Kind.EDIT, actor=actor) as log:
            log.update(row, data, expected_version=expected_version)
        return log.row if log.touched else None
    for name, value in data.items():
        setattr(row, name, value)
    with change_set(kind=ChangeSet.Kind.CREATE, actor=actor) as log:
        log.create(row)
    return log.row
