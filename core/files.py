"""Files people hand in: named harmlessly, stored outside the web root, sent as downloads only.

An app that keeps files says which stored ones its rows name, so that the others are swept up:

    register_folder("attachments", lambda names: set(…))
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404
from django.utils import timezone

from core.nightly import nightly_step

MAX_NAME = 150
# A file whose row is not there yet may belong to an upload under way.
ORPHAN_AFTER = timedelta(days=1)
_UNSAFE = re.compile(r'[<>:"|?*\\/%;\'`$&]')

Known = Callable[[list[str]], set[str]]
_folders: dict[str, Known] = {}


def register_folder(folder: str, known: Known) -> None:
    """Sweep a folder each night: `known(names)` says which of these files a row still names."""
    _folders[folder] = known


def random_name(folder: str) -> str:
    """A path that owes nothing to the name somebody gave the file."""
    name = uuid4().hex
    return f"{folder}/{name[:2]}/{name}"


def safe_name(name: str) -> str:
    """The name to show: no path, nothing invisible, nothing that turns the writing direction."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if len(ending) > 10:
        return (name or "file")[:MAX_NAME]
    return f"{stem[: MAX_NAME - len(ending) - 1] or 'file'}{dot}{ending}"


def sha256_of(file: UploadedFile) -> str:
    """The checksum of an upload, which is left at its beginning."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def forget_files(names: Iterable[str]) -> None:
    """Remove stored files whose rows were rolled back."""
    for name in names:
        default_storage.delete(name)


def download_response(file: Any, *, name: str, content_type: str) -> FileResponse:
    """The bytes with a type fixed when the file came in; a browser saves them and runs nothing."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@nightly_step("core.sweep_files")
def sweep_files(day: date) -> int:
    """Delete stored files that no row names any more; returns how many."""
    return sum(_sweep(folder, known) for folder, known in _folders.items())


def _sweep(folder: str, known: Known) -> int:
    if not default_storage.exists(folder):
        return 0
    before = timezone.now() - ORPHAN_AFTER
    removed = 0
    for below in default_storage.listdir(folder)[0]:
        names = [f"{folder}/{below}/{name}" for name in default_storage.listdir(f"{folder}/{below}")[1]]
        for name in set(names) - known(names):
            if default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                removed += 1
    return removed
