"""Compile .po to .mo with polib, so that no machine needs gettext to run the product."""

import os
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """``manage.py compile_translations``."""

    help = "Compiles locale/*/LC_MESSAGES/*.po to .mo; needs no gettext."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile every catalogue that changed since it was last compiled."""
        compiled = [path for folder in settings.LOCALE_PATHS for path in compile_folder(folder)]
        self.stdout.write(f"{len(compiled)} catalogues compiled.")


def compile_folder(folder: str | Path) -> list[Path]:
    """Compile the stale catalogues under ``folder``; returns the .mo files written."""
    written = []
    for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            # Under another name first: nobody may read a half-written catalogue.
            fresh = target.with_suffix(f".{os.getpid()}.tmp")
            polib.pofile(str(source)).save_as_mofile(str(fresh))
            fresh.replace(target)
            written.append(target)
    return written
