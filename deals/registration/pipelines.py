"""Pipelines: the job that takes a stage away, and the nightly merge of their totals."""

from __future__ import annotations

from deals import rollup_upkeep  # noqa: F401  registers the nightly step
from deals.services import stage_removal


def register() -> None:
    """Called once."""
    stage_removal.register()
