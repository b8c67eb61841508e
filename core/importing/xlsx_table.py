"""A worksheet as a table. Formulas give the values saved with them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.utils.translation import gettext_lazy as _

from core.importing import dialect, limits
from core.importing.errors import FileProblem
from core.importing.table import (
    Position,
    ReadOptions,
    Row,
    RowFitter,
    Table,
    check_columns,
    damaged_workbook,
    empty_file,
    no_rows,
    unique_headers,
)
from core.importing.xlsx_guard import check_workbook


class XlsxTable(Table):
    """One sheet of a workbook: the one chosen, or the first visible one with more than a line."""

    kind = "xlsx"
    encoding_sure = True

    def __init__(self, path: Path, options: ReadOptions) -> None:
        super().__init__(path)
        check_workbook(path)
        try:
            self._book = calamine.CalamineWorkbook.from_path(str(path))
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise damaged_workbook() from error
        self.sheets = tuple(self._book.sheet_names)
        self._open_sheet(options.sheet)
        records = self._first_records()
        self.header_row, self.header_sure = dialect.find_header(records)
        if options.header_row is not None:
            self.header_row, self.header_sure = options.header_row, True
        self._position = Position(self.header_row)
        self._read_headers(records)

    def tell(self) -> Position:
        """Position after the row handed out last."""
        return self._position

    def rows(self, start_row: int = 0, *, resume: Position | None = None) -> Iterator[Row]:
        """Stream rows; the sheet is already in memory, so resuming just counts."""
        first = max(start_row, self.header_row + 1, resume.row + 1 if resume else 0)
        fit = RowFitter(len(self.headers))
        for number, values in self._records():
            if number < first or not any(values):
                continue
            # A sheet has no ragged rows: its short rows simply end in empty cells.
            values = values + [""] * (fit.width - len(values))
            notice = None
            if len(values) > fit.width:
                values, notice = fit.fit(values)
            self._position = Position(number)
            yield Row(number, values, notice)

    def _open_sheet(self, wanted: str | None) -> None:
        if wanted is not None and wanted not in self.sheets:
            raise _no_such_sheet(wanted, self.sheets)
        visible = [
            info.name
            for info in self._book.sheets_metadata
            if info.visible == calamine.SheetVisibleEnum.Visible
            and info.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        filled = []
        for name in [wanted] if wanted else visible or list(self.sheets):
            try:
                sheet = self._book.get_sheet_by_name(name)
            except (calamine.CalamineError, ValueError) as error:
                raise damaged_workbook() from error
            if sheet.start is not None and sheet.end is not None:
                filled.append((name, sheet))
                if sheet.end[0] > sheet.start[0]:
                    filled = filled[-1:]
                    break
        if not filled:
            raise empty_file()
        self.sheet, self._sheet = filled[0]

    def _first_records(self) -> list[list[str]]:
        records: list[list[str]] = []
        for number, values in self._records():
            if number > limits.SAMPLE_RECORDS:
                break
            records.extend([] for _skipped in range(number - len(records) - 1))
            records.append(values)
        return records

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            yield number, [cell if type(cell) is str else cell_text(cell) for cell in cells]

    def _read_headers(self, records: list[list[str]]) -> None:
        header = records[self.header_row - 1] if 0 < self.header_row <= len(records) else []
        width = max(len(records[0]) if records else 0, 1)
        if self.header_row:
            while header and not header[-1].strip():
                header = header[:-1]
            if not header:
                raise empty_file()
        check_columns(len(header) or width)
        names = header if self.header_row else [""] * width
        self.headers, notices = unique_headers(names)
        self.notices.extend(notices if self.header_row else [])
        if next(self.rows(), None) is None:
            raise no_rows()
        self._position = Position(self.header_row)


def cell_text(cell: Any) -> str:
    """Write a cell's value as text: whole numbers without a point, dates as ISO."""
    kind = type(cell)
    if kind is float:
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if kind is bool:
        return "TRUE" if cell else "FALSE"
    if kind is datetime.datetime:
        if not (cell.hour or cell.minute or cell.second or cell.microsecond):
            return str(cell.date().isoformat())
        return str(cell.isoformat(" ", "seconds"))
    if kind is datetime.date:
        return str(cell.isoformat())
    if kind is datetime.time:
        return str(cell.isoformat("seconds"))
    if kind is datetime.timedelta:
        return str(cell)
    return "" if cell is None else str(cell)


def _no_such_sheet(wanted: str, sheets: Sequence[str]) -> FileProblem:
    return FileProblem(
        "no_such_sheet",
        _("The workbook has no sheet called “%(wanted)s”. Nothing was imported. Choose one of: %(sheets)s."),
        wanted=wanted[:100],
        sheets=", ".join(sheets[:20]),
    )
