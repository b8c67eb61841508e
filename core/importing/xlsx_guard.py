"""Checks on a workbook before anything opens it: zip bombs, XML bombs, vast sheets."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.importing import limits
from core.importing.errors import FileProblem
from core.importing.table import damaged_workbook

_REFERENCE = re.compile(rb"\sr=[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_FORBIDDEN = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
#: Bytes kept from one chunk to the next, so that nothing hides on the border.
_OVERLAP = 64


def check_workbook(path: Path) -> None:
    """Raise :class:`FileProblem` unless the workbook is safe to open."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise damaged_workbook() from error
    except RuntimeError as error:  # zipfile's word for an encrypted part
        raise _encrypted() from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    """Judge by the central directory, which costs nothing to read."""
    if len(parts) > limits.XLSX_ENTRIES:
        raise _bomb()
    if sum(part.file_size for part in parts) > limits.XLSX_TOTAL_BYTES:
        raise too_large()
    for part in parts:
        if part.flag_bits & 1:
            raise _encrypted()
        name = part.filename.lower()
        if name.endswith((".zip", ".xlsx", ".gz", ".7z", ".rar")) and "embeddings/" not in name:
            raise _bomb()
        if part.file_size > 4 * limits.MIB:
            if part.file_size > limits.XLSX_RATIO * max(part.compress_size, 1):
                raise _bomb()
            if part.file_size > limits.XLSX_PART_BYTES and name.endswith(".xml"):
                raise too_large()


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part in pieces: its true size, no DTD, and a bounded used rectangle."""
    rectangle = _Rectangle() if "worksheets/" in part.filename.lower() else None
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(limits.MIB):
            window = tail + chunk
            if any(word in window for word in _FORBIDDEN):
                raise _bomb()
            if rectangle is not None:
                rectangle.add(window)
            tail = window[-_OVERLAP:]


class _Rectangle:
    """The rectangle a sheet uses: two cells far apart would fill all memory."""

    def __init__(self) -> None:
        self.rows = (limits.XLSX_ROWS, 0)
        self.columns = (20_000, 0)

    def add(self, window: bytes) -> None:
        found = _REFERENCE.findall(window)
        if not found:
            return
        columns, rows = zip(*found, strict=True)
        numbers = {int(row) for row in set(rows)}
        letters = {_column(name) for name in set(columns) if name}
        self.rows = _stretch(self.rows, numbers)
        self.columns = _stretch(self.columns, letters)
        height = self.rows[1] - self.rows[0] + 1
        width = max(self.columns[1] - self.columns[0] + 1, 1)
        if self.rows[1] > limits.XLSX_ROWS or height * width > limits.XLSX_CELLS:
            raise too_large()


def _stretch(bounds: tuple[int, int], values: Iterable[int]) -> tuple[int, int]:
    values = list(values)
    return min([bounds[0], *values]), max([bounds[1], *values])


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _bomb() -> FileProblem:
    return FileProblem(
        "unsafe_workbook",
        _(
            "This workbook is built in a way that could overload the server (it unpacks to far "
            "more than it shows, or holds XML definitions). Nothing was imported. Save the sheet "
            "as CSV and upload that."
        ),
    )


def too_large() -> FileProblem:
    """Say that a workbook is too large for its format to be read in bounded memory."""
    return FileProblem(
        "workbook_too_large",
        _(
            "This workbook has more than %(cells)s cells in use on a sheet, or is too large when "
            "unpacked. Nothing was imported. Save the sheet as CSV, which may have any size, and "
            "upload that."
        ),
        cells=limits.XLSX_CELLS,
    )


def _encrypted() -> FileProblem:
    return FileProblem(
        "encrypted_workbook",
        _(
            "The workbook is protected by a password. Nothing was imported. "
            "Save it without a password and upload it again."
        ),
    )
