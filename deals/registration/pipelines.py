"""Pipelines: the job that takes a stage away, and the nightly merge of their totals."""

from __future__ import annotations

from deals.services import (
    rollup,  # noqa: F401  registers the nightly step
    stage_removal,
)


def register() -> None:
    """Called once."""
    stage_removal.register()
