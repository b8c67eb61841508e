"""Nightly: uploaded files are not kept for ever."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from core.models import ImportRun
from core.nightly import nightly_step

#: Days an uploaded file is kept: long enough to look again at what went wrong.
KEEP_DAYS = getattr(settings, "IMPORT_KEEP_DAYS", 30)
_OPEN = (ImportRun.State.CHECKING, ImportRun.State.RUNNING, ImportRun.State.UNDOING)


@nightly_step("core.delete_import_files")
def delete_import_files(day: date) -> int:
    """Delete files of imports older than KEEP_DAYS; the counts and reasons stay."""
    old = ImportRun.objects.exclude(file="").filter(created_at__lt=timezone.now() - timedelta(days=KEEP_DAYS))
    count = 0
    for run in old.exclude(state__in=_OPEN):
        run.file.delete(save=True)
        count += 1
    return count
