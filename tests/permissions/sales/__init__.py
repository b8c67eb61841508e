"""Who gets what of the deals app, subject by subject: each module has ``ROWS`` and ``MAKERS``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from tests.permissions.rules import Row

SUBJECTS = (
    "contracts",
    "deals",
    "forecast",
    "people",
    "pipelines",
    "quotes",
    "targets",
)

ROWS: dict[str, Row] = {}
MAKERS: dict[str, Any] = {}
for _subject in SUBJECTS:
    _module = import_module(f"tests.permissions.sales.{_subject}")
    ROWS |= _module.ROWS
    MAKERS |= _module.MAKERS
