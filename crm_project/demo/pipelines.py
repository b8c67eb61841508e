"""The sample teams' ways of selling: each team has its own pipeline of the catalogue."""

from __future__ import annotations

from core.changes import ChangeLog
from deals.models import Pipeline
from deals.pipelines_catalogue import B2B_SALES, SAAS, WHOLESALE
from deals.services.pipelines import from_catalogue

OF_TEAM = {"Wholesale": WHOLESALE, "Software": SAAS, "Health care": B2B_SALES}


def make_pipelines(log: ChangeLog) -> dict[str, Pipeline]:
    """By team; the one every installation has is there already."""
    found = {row.name: row for row in Pipeline.objects.alive()}
    return {team: found.get(ready.name) or from_catalogue(ready, log) for team, ready in OF_TEAM.items()}
