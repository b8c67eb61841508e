"""The one shape every file is read into: headers and a stream of rows of text."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.importing import limits
from core.importing.errors import FileProblem, Notice


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person chose on the upload page; ``None`` means detect it."""

    encoding: str | None = None
    delimiter: str | None = None
    #: Record number of the header as a spreadsheet counts; 0 means the file has none.
    header_row: int | None = None
    #: Name of the worksheet of a workbook.
    sheet: str | None = None


class Row(NamedTuple):
    """One record. ``number`` is the row number a spreadsheet would show."""

    number: int
    values: list[str]
    notice: Notice | None = None


class Position(NamedTuple):
    """Where reading may go on: the last row handed out and the byte after it."""

    row: int
    offset: int | None = None


class Table(ABC):
    """An open file. Rows are read anew by every call of :meth:`rows`."""

    kind: str
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    #: "," when numbers in the file look like 1,5; "." otherwise.
    decimal_hint: str = "."
    sheet: str = ""
    sheets: Sequence[str] = ()

    def __init__(self, path: Path) -> None:
        self.path = path
        self.headers: list[str] = []
        self.notices: list[Notice] = []

    @abstractmethod
    def rows(self, start_row: int = 0, *, resume: Position | None = None) -> Iterator[Row]:
        """Stream rows numbered ``start_row`` and above, or those after ``resume``."""

    @abstractmethod
    def tell(self) -> Position:
        """Position after the row handed out last, to be given to ``rows(resume=…)``."""

    def sample(self, count: int = 200) -> list[Row]:
        """Return the first rows, for previews, mapping and format detection."""
        found: list[Row] = []
        for row in self.rows():
            found.append(row)
            if len(found) >= count:
                break
        return found


def unique_headers(raw: Sequence[str]) -> tuple[list[str], list[Notice]]:
    """Clean header names, name the nameless, tell twins apart; say what was done."""
    names: list[str] = []
    notices: list[Notice] = []
    taken = {" ".join(name.split()).casefold() for name in raw}
    seen: set[str] = set()
    for index, cell in enumerate(raw, start=1):
        name = " ".join(cell.replace("\0", "").split())[:200]
        if not name:
            name = _free(f"Column {index}", taken | seen, first=True)
            notices.append(_nameless(index, name))
        elif name.casefold() in seen:
            twin, name = name, _free(name, taken | seen, first=False)
            notices.append(_twin(index, twin, name))
        seen.add(name.casefold())
        names.append(name)
    return names, notices


def _free(name: str, taken: set[str], *, first: bool) -> str:
    """Return ``name`` or ``name (2)``, ``name (3)``… whichever is not taken."""
    if first and name.casefold() not in taken:
        return name
    count = 2
    while f"{name} ({count})".casefold() in taken:
        count += 1
    return f"{name} ({count})"


def _nameless(index: int, name: str) -> Notice:
    return Notice(
        "missing_header",
        _("Column %(index)s has no name in the header row; it is called “%(name)s” here."),
        {"index": index, "name": name},
    )


def _twin(index: int, twin: str, name: str) -> Notice:
    return Notice(
        "duplicate_header",
        _("Column %(index)s is the second one called “%(twin)s”; it is called “%(name)s” here."),
        {"index": index, "twin": twin, "name": name},
    )


def check_columns(count: int) -> None:
    """Refuse a table with more columns than anyone can map."""
    if count > limits.COLUMNS:
        raise FileProblem(
            "too_many_columns",
            _(
                "This file has more than %(limit)s columns. Nothing was imported. "
                "Delete the columns you do not need, or choose the right delimiter, "
                "and upload it again."
            ),
            limit=limits.COLUMNS,
        )


def no_rows() -> FileProblem:
    """Say that a file has a header and nothing below."""
    return FileProblem(
        "header_only",
        _(
            "The file has a header row but no rows below it. Nothing was imported. "
            "Check that the right file or sheet was chosen."
        ),
    )


def empty_file() -> FileProblem:
    """Say that a file holds nothing at all."""
    return FileProblem(
        "empty",
        _(
            "The file is empty. Nothing was imported. "
            "Check that it was saved completely, and upload it again."
        ),
    )


def damaged_workbook() -> FileProblem:
    """Say that a workbook cannot be opened."""
    return FileProblem(
        "damaged_workbook",
        _(
            "The workbook is damaged or was not saved completely. Nothing was imported. "
            "Open it in a spreadsheet program, save it again as .xlsx, and upload that."
        ),
    )


class RowFitter:
    """Make every record as wide as the header, and say when it was not."""

    def __init__(self, width: int) -> None:
        self.width = width

    def fit(self, values: list[str]) -> tuple[list[str], Notice | None]:
        """Pad a short record; refuse a long one unless the rest is blank."""
        width, count = self.width, len(values)
        if count < width:
            notice = Notice(
                "short_row",
                _("The row has %(count)s cells instead of %(width)s; the rest is taken as empty."),
                {"count": count, "width": width},
            )
            return values + [""] * (width - count), notice
        if not any(cell.strip() for cell in values[width:]):
            return values[:width], None
        notice = Notice(
            "long_row",
            _(
                "The row has %(count)s cells but the header has %(width)s, so it is unclear "
                "which cell belongs where. Put cells that contain the delimiter in quotes."
            ),
            {"count": count, "width": width},
            fatal=True,
        )
        return values[:width], notice
