"""XLSX files: written by XlsxWriter, read as text."""

import datetime as dt
import io

import pytest
import xlsxwriter

from core.importing.errors import FileProblem


def _workbook(sheets: dict[str, list[list[object]]], hidden: tuple[str, ...] = ()) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    if hidden:
        book.worksheets()[-1].activate()
        book.worksheets()[-1].set_first_sheet()
    book.close()
    return buffer.getvalue()


def test_cells_become_text(table_of) -> None:
    day, moment = dt.date(2024, 12, 15), dt.datetime(2024, 12, 15, 8, 26)
    table = table_of(
        _workbook(
            {"S": [["Text", "Whole", "Real", "Day", "Moment", "Flag"], ["名", 3, 1.5, day, moment, True]]}
        )
    )
    assert (table.kind, table.sheets, table.sheet) == ("xlsx", ("S",), "S")
    assert [row.values for row in table.rows()] == [
        ["名", "3", "1.5", "2024-12-15", "2024-12-15 08:26:00", "TRUE"]
    ]


def test_formulas_give_their_saved_value(table_of) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["A", "B"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_string(1, 1, "=cmd|' /C calc'!A0")
    assert [row.values for row in table_of(buffer.getvalue()).rows()] == [["2", "=cmd|' /C calc'!A0"]]


def test_sheets_are_chosen(table_of) -> None:
    content = _workbook(
        {"Secret": [["x"], ["1"]], "Empty": [], "Customers": [["Name"], ["Ann"]]}, hidden=("Secret",)
    )
    assert table_of(content).sheet == "Customers"
    assert table_of(content, sheet="Secret").headers == ["x"]
    with pytest.raises(FileProblem) as caught:
        table_of(content, sheet="Other")
    assert caught.value.code == "no_such_sheet"
    with pytest.raises(FileProblem) as caught:
        table_of(content, sheet="Empty")
    assert caught.value.code == "empty"


def test_titles_blank_rows_and_numbers(table_of) -> None:
    table = table_of(
        _workbook({"S": [["Report"], [], ["Name", "City", "Since", ""], ["Ann", "Rome", "x"], [], ["Bob"]]})
    )
    assert (table.header_row, table.headers) == (3, ["Name", "City", "Since"])
    assert [(row.number, row.values, row.notice) for row in table.rows()] == [
        (4, ["Ann", "Rome", "x"], None),
        (6, ["Bob", "", ""], None),
    ]
    next(table.rows())
    assert [row.number for row in table.rows(resume=table.tell())] == [6]


def test_header_only_twins_and_stray_cells(table_of) -> None:
    with pytest.raises(FileProblem) as caught:
        table_of(_workbook({"S": [["Name", "City"]]}))
    assert caught.value.code == "header_only"
    table = table_of(_workbook({"S": [["Email", "Email"], ["a", "b", "stray"]]}))
    assert table.headers == ["Email", "Email (2)"]
    (row,) = table.rows()
    assert row.notice is not None
    assert row.notice.code == "long_row"


def test_too_many_columns_and_cells(table_of) -> None:
    with pytest.raises(FileProblem) as caught:
        table_of(_workbook({"S": [["x"] * 501, ["1"] * 501]}))
    assert caught.value.code == "too_many_columns"
    rows: list[list[object]] = [["a", "b"], *[[] for _row in range(1_000_000)], [1, 2, 3]]
    with pytest.raises(FileProblem) as caught:
        table_of(_workbook({"S": rows}))
    assert caught.value.code == "workbook_too_large"
