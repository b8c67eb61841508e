"""Files and runs for tests of imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from core.imports import services
from core.models import ImportRun

DATA = Path("/work/shared/data")


def shared(path: str) -> Path:
    """A file of the shared test data, which is not part of the product."""
    found = DATA / path
    if not found.exists():
        pytest.skip(f"the shared data is missing: {found}")
    return found


def upload(content: str | bytes, *, actor: Any, name: str = "file.csv", target: str = "") -> ImportRun:
    """An uploaded file."""
    data = content.encode() if isinstance(content, str) else content
    return services.create_run(file=ContentFile(data, name), filename=name, actor=actor, target=target)


def set_mapping(run: ImportRun, **changes: Any) -> ImportRun:
    """The suggested mapping with changes."""
    return services.save_mapping(run, mapping={**run.mapping, **changes})


def run_import(run: ImportRun, capture: Any) -> dict[str, Any]:
    """Import to the end (tasks run eagerly once the transaction would be committed)."""
    with capture(execute=True):
        services.start_run(run)
    run.refresh_from_db()
    return run.counts["run"]


def run_trial(run: ImportRun, capture: Any) -> dict[str, Any]:
    """Trial run to the end."""
    with capture(execute=True):
        services.start_trial(run)
    run.refresh_from_db()
    return run.counts["trial"]
