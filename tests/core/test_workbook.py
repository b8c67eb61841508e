"""Workbooks that we write, read back by the reader of our imports."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from core.workbook import column_letters, write_xlsx


def written(*rows: list[Any]) -> list[list[Any]]:
    target = io.BytesIO()
    heads = [f"h{number}" for number in range(len(rows[0]))]
    assert write_xlsx(target, heads, rows) == len(rows)
    target.seek(0)
    found = CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).to_python()
    assert found[0] == heads
    return found[1:]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("Zürich 东", "Zürich 东"),
        ("  two\nlines, \"quoted\" & <marked>  ", "  two\nlines, \"quoted\" & <marked>  "),
        ("carriage\rreturn", "carriage\rreturn"),
        ("_x0041_ is not an A", "_x0041_ is not an A"),
        ("a\x07bell\ud800", "abell"),
        ("=1+1", "'=1+1"),
        ("x" * 40_000, "x" * 32_767),
        (12, 12.0),
        (-1.5, -1.5),
        (Decimal("1234567.89"), 1234567.89),
        (Decimal("1E+3"), 1000.0),
        (float("inf"), "inf"),
        (True, 1.0),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(1890, 5, 1), "1890-05-01"),
        (datetime(2026, 2, 28, 13, 45, 59), datetime(2026, 2, 28, 13, 45, 59)),
        (datetime(1890, 5, 1, 8, 0), "1890-05-01 08:00:00"),
    ],
)  # fmt: skip
def test_a_value_comes_back(value, read):
    assert written(["first", value, "last"]) == [["first", read, "last"]]


def test_empty_cells_keep_the_others_in_their_columns():
    assert written(["a", "", None, "d"], [None, "b", 0, ""]) == [["a", "", "", "d"], ["", "b", 0.0, ""]]


def test_many_rows_and_columns():
    rows = [[f"{y}-{x}" for x in range(30)] for y in range(1_201)]
    assert written(*rows) == rows


def test_column_letters():
    places = (0, 25, 26, 701, 702)
    assert [column_letters(place) for place in places] == ["A", "Z", "AA", "ZZ", "AAA"]
