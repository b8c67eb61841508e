"""Delimited text as a table: streamed, bounded, resumable."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from core.importing import dialect, limits, sniff
from core.importing.errors import FileProblem, Notice
from core.importing.table import (
    Position,
    ReadOptions,
    Row,
    RowFitter,
    Table,
    check_columns,
    empty_file,
    no_rows,
    unique_headers,
)

#: Encodings in which the byte 0x0A is always the end of a line.
_LINE_SAFE = frozenset(sniff.ENCODINGS.values()) - {"utf-16", "utf-16-le", "utf-16-be"}
_BARE_CR = re.compile(r"\r(?!\n|\Z)")


class CsvTable(Table):
    """A CSV file. ``encoding_sure`` and ``header_sure`` tell what a page should ask."""

    kind = "csv"

    def __init__(self, path: Path, found: sniff.Sniffed, options: ReadOptions) -> None:
        super().__init__(path)
        self.encoding = found.encoding
        self.encoding_sure = found.sure
        sample, whole = self._read_sample()
        layout = dialect.detect(
            sample, whole=whole, delimiter=options.delimiter, header_row=options.header_row
        )
        self.delimiter = layout.delimiter
        self.header_row = layout.header_row
        self.header_sure = layout.header_sure
        self.decimal_hint = layout.decimal_hint
        # Old Mac files end lines with a bare CR: text mode splits there, bytes do not.
        self._bare_cr = _BARE_CR.search(sample) is not None
        self._position = Position(self.header_row, None)
        self._read_headers()

    def tell(self) -> Position:
        """Position after the row handed out last."""
        return self._position

    def rows(self, start_row: int = 0, *, resume: Position | None = None) -> Iterator[Row]:
        """Stream rows; with ``resume`` the bytes already read are jumped over."""
        fit = RowFitter(len(self.headers)).fit
        width, first = len(self.headers), max(start_row, self.header_row + 1)
        if resume is not None:
            first = max(first, resume.row + 1)
        source = _Records(self, resume if resume and resume.offset is not None else None)
        for number, values in source:
            if number < first or not any(values):
                continue
            notice = None
            if len(values) != width:
                values, notice = fit(values)
            if source.had_null:
                notice = notice or _null_notice()
                source.had_null = False
            self._position = Position(number, source.offset)
            yield Row(number, values, notice)

    def _read_sample(self) -> tuple[str, bool]:
        with self.path.open("rb") as file:
            data = file.read(limits.SAMPLE_BYTES)
            whole = not file.read(1)
        text = data.decode(self.encoding, "ignore" if not whole else "replace")
        return text.lstrip("\ufeff").replace("\0", ""), whole

    def _read_headers(self) -> None:
        header: list[str] = []
        has_rows = False
        source = _Records(self, None)
        for number, values in source:
            if number == self.header_row:
                header = values
                check_columns(len(values))
            elif number > self.header_row and any(values):
                header = header or values
                has_rows = True
                break
        source.close()
        check_columns(len(header))
        if not header:
            raise empty_file()
        if not has_rows:
            raise no_rows()
        names = header if self.header_row else [""] * len(header)
        self.headers, notices = unique_headers(names)
        self.notices.extend(notices if self.header_row else [])


class _Records:
    """Iterator of (record number, cells); knows the byte after the last record."""

    def __init__(self, table: CsvTable, resume: Position | None) -> None:
        self._table = table
        self.start = resume.row if resume else 0
        self.offset: int | None = None
        self.had_null = False
        self._number = 0
        self._record_start = 0
        self._read = 0
        self._by_bytes = table.encoding in _LINE_SAFE and not table._bare_cr
        self._file: IO[Any]
        if self._by_bytes:
            self._file = table.path.open("rb")
            if resume and resume.offset:
                self._file.seek(resume.offset)
                self._read = self._record_start = resume.offset
        else:
            self._file = table.path.open(encoding=table.encoding, newline="")
            self.start = 0

    def close(self) -> None:
        """Close the file; done by itself at the end of the records."""
        self._file.close()

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        number = self.start
        lines = self._byte_lines() if self._by_bytes else self._text_lines()
        reader = csv.reader(lines, delimiter=self._table.delimiter)
        try:
            for values in reader:
                number += 1
                self._number, self._record_start = number, self._read
                if self._by_bytes:
                    self.offset = self._read
                yield number, values
        except csv.Error as error:
            raise _unreadable(number + 1, error) from error
        except UnicodeDecodeError as error:
            line = sniff.first_undecodable(self._table.path, self._table.encoding)
            raise sniff.undecodable(self._table.encoding, line or number + 1) from error
        finally:
            self._file.close()

    def _byte_lines(self) -> Iterator[str]:
        encoding = self._table.encoding
        if encoding == "utf-8-sig":
            encoding = "utf-8"
        at_start = self._read == 0
        limit = limits.RECORD_BYTES
        for raw in iter(partial(self._file.readline, limit), b""):
            self._read += len(raw)
            if self._read - self._record_start >= limit:
                raise self._too_long()
            if at_start:
                at_start = False
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            if b"\0" in raw:
                self.had_null = True
                raw = raw.replace(b"\0", b"")
            yield raw.decode(encoding)

    def _text_lines(self) -> Iterator[str]:
        limit = limits.RECORD_BYTES
        for line in iter(partial(self._file.readline, limit), ""):
            if not self._read:
                line = line.removeprefix("\ufeff")
            self._read += len(line)
            if self._read - self._record_start >= limit:
                raise self._too_long()
            if "\0" in line:
                self.had_null = True
                line = line.replace("\0", "")
            yield line

    def _too_long(self) -> FileProblem:
        with self._table.path.open("rb") as file:
            file.seek(self._record_start)
            piece = file.read(limits.SAMPLE_BYTES)
        if piece.count(self._table.delimiter.encode()) > limits.COLUMNS:
            check_columns(limits.COLUMNS + 1)
        return FileProblem(
            "record_too_long",
            _(
                "Row %(row)s is longer than %(megabytes)s MB, or a quotation mark in it is never "
                "closed. Nothing from this row on was read. Correct the row and upload the file "
                "again."
            ),
            row=self._number + 1,
            megabytes=limits.RECORD_BYTES // limits.MIB,
        )


def _unreadable(row: int, error: csv.Error) -> FileProblem:
    if "field larger" in str(error):
        return FileProblem(
            "cell_too_large",
            _(
                "Row %(row)s has a cell of more than %(limit)s characters, or a quotation mark "
                "that is never closed. Nothing from this row on was read. Shorten the cell or "
                "close the quotation mark, and upload the file again."
            ),
            row=row,
            limit=limits.CELL_CHARS,
        )
    return FileProblem(
        "unreadable_row",
        _(
            "Row %(row)s cannot be split into cells (%(detail)s). Nothing from this row on was "
            "read. Correct the row and upload the file again."
        ),
        row=row,
        detail=str(error),
    )


def _null_notice() -> Notice:
    return Notice("null_bytes", _("The row held invisible NUL characters; they were left out."))
