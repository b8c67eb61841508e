"""The one door to every kind of file: :func:`open_table`."""

from __future__ import annotations

import os
from pathlib import Path

from core.importing import sniff
from core.importing.csv_table import CsvTable
from core.importing.table import Position, ReadOptions, Row, Table
from core.importing.vcard_table import VcardTable
from core.importing.xlsx_table import XlsxTable

__all__ = ["Position", "ReadOptions", "Row", "Table", "open_table"]


def open_table(path: str | os.PathLike[str], *, options: ReadOptions | None = None) -> Table:
    """Open a CSV, XLSX or vCard file, told apart by content.

    Raises :class:`core.importing.errors.FileProblem` when it cannot be read.
    """
    options = options or ReadOptions()
    path = Path(path)
    found = sniff.sniff(path, options.encoding)
    if found.kind == "xlsx":
        return XlsxTable(path, options)
    if found.kind == "vcf":
        return VcardTable(path, found)
    return CsvTable(path, found, options)
