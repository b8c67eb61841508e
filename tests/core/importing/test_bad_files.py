"""Every bad file gets a clear problem, quickly and in bounded memory."""

import io
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from core.importing.errors import FileProblem
from core.importing.readers import open_table


def _zip(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


WORKBOOK = b"<workbook/>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\r\n \r\n\t\n", "empty"),
        (b"name,email\n", "header_only"),
        (b"name,email", "header_only"),
        (b"name,email\n,\n,\n", "header_only"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"),
        (b"%PDF-1.7\n%...", "pdf"),
        (b"\x1f\x8b\x08\x00abc", "archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image"),
        (bytes(range(256)) * 40, "binary"),
        (bytes(5000), "binary"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "markup"),
        (b'<?xml version="1.0"?><a/>', "markup"),
        (b'{"a": 1}', "markup"),
        (_zip({"a.csv": b"x,y\n1,2\n"}), "archive"),
        (_zip({"word/document.xml": b"<x/>"}), "document"),
        (_zip({"content.xml": b"<x/>"}), "xls"),
        (b"PK\x03\x04 broken", "damaged_workbook"),
        (_zip({"xl/workbook.xml": WORKBOOK})[:-8], "damaged_workbook"),
        (_zip({"xl/workbook.xml": WORKBOOK}), "damaged_workbook"),
        (_zip({"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}), "unsafe_workbook"),
        (
            _zip({"xl/workbook.xml": "<!DOCTYPE a><workbook/>".encode("utf-16")}),
            "unsafe_workbook",
        ),
        (
            _zip({"xl/workbook.xml": WORKBOOK, "xl/worksheets/sheet1.xml": bytes(50_000_000)}),
            "unsafe_workbook",
        ),
        (_zip({"xl/workbook.xml": WORKBOOK, "xl/inner.zip": b"x"}), "unsafe_workbook"),
        (
            _zip({"xl/workbook.xml": WORKBOOK} | {f"x{i}": b"" for i in range(2_100)}),
            "unsafe_workbook",
        ),
        (
            _zip(
                {
                    "xl/workbook.xml": WORKBOOK,
                    "xl/worksheets/sheet1.xml": b'<c r="A1"/><c r="XFD1048576"/>',
                }
            ),
            "workbook_too_large",
        ),
        (b"a," * 1_000_000 + b"a\n1,2\n", "too_many_columns"),
        (b"a," * 5_000_000 + b"a\n1,2\n", "too_many_columns"),
        (b"x," * 600 + b"\n1\n", "too_many_columns"),
        (("名,b\n" + "é,2\n" * 30).encode() + b"caf\xe9,3\n", "undecodable"),
    ],
)
def test_refused_at_the_door(table_of, content: bytes, code: str) -> None:
    started = time.monotonic()
    with pytest.raises(FileProblem) as caught:
        table_of(content)
    assert caught.value.code == code
    assert str(caught.value).endswith((".", "…"))
    assert time.monotonic() - started < 5


def test_undecodable_names_the_line(table_of) -> None:
    with pytest.raises(FileProblem) as caught:
        table_of(("名,b\n" + "é,2\n" * 30).encode() + b"caf\xe9,3\n")
    assert caught.value.params == {"line": 32, "encoding": "UTF-8"}


def test_chosen_encoding_that_does_not_fit_names_the_line(table_of) -> None:
    table = table_of(b"name,b\nx,1\ncaf\xe9,2\n", encoding="utf-8")
    with pytest.raises(FileProblem) as caught:
        list(table.rows())
    assert (caught.value.code, caught.value.params["line"]) == ("undecodable", 3)


@pytest.mark.parametrize("cell", [b"x" * 10_000_000, b'"' + b"x" * 10_000_000 + b'"'])
def test_ten_megabyte_cell_names_its_row(table_of, cell: bytes) -> None:
    table = table_of(b"a,b\n1,2\n3," + cell + b"\n5,6\n")
    rows = table.rows()
    assert next(rows).values == ["1", "2"]
    with pytest.raises(FileProblem) as caught:
        next(rows)
    assert caught.value.code == "record_too_long"
    assert caught.value.params["row"] == 3


def test_cell_over_the_limit_and_open_quote_name_the_row(table_of) -> None:
    for cell in (b"y" * 140_000, b'"' + b"never closed\n" * 20_000):
        table = table_of(b"a,b\n1,2\n3," + cell + b"\n")
        with pytest.raises(FileProblem) as caught:
            list(table.rows())
        assert (caught.value.code, caught.value.params["row"]) == ("cell_too_large", 3)


def test_a_record_of_endless_quoted_lines_is_bounded(table_of) -> None:
    table = table_of(b"a,b\n1,2\n" + b'"x\n",' * 1_500_000)
    with pytest.raises(FileProblem) as caught:
        list(table.rows())
    assert caught.value.code == "too_many_columns" or caught.value.code == "record_too_long"


def test_ragged_rows(table_of) -> None:
    rows = list(table_of("a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n").rows())
    assert [row.values for row in rows] == [["1", "2", ""]] + [["1", "2", "3"]] * 3
    assert [row.notice.code if row.notice else "" for row in rows] == [
        "short_row", "", "long_row", "",
    ]  # fmt: skip
    assert [row.notice.fatal for row in rows if row.notice] == [False, True]


def test_headers_missing_and_twice(table_of) -> None:
    table = table_of("Email,email,,Email (2),Column 3\n1,2,3,4,5\n")
    assert table.headers == ["Email", "email (3)", "Column 3 (2)", "Email (2)", "Column 3"]
    assert [notice.code for notice in table.notices] == ["duplicate_header", "missing_header"]


def test_null_bytes_are_left_out_and_told(table_of) -> None:
    rows = list(table_of(b"a,b\nx\0y,2\n" + b"plain text,2\n" * 20).rows())
    assert rows[0].values == ["xy", "2"]
    assert rows[0].notice is not None
    assert rows[0].notice.code == "null_bytes"
    assert rows[1].notice is None


def test_formulas_stay_text(table_of) -> None:
    rows = list(table_of("a,b\n=1+1,\"=cmd|' /C calc'!A0\"\n").rows())
    assert rows[0].values == ["=1+1", "=cmd|' /C calc'!A0"]


def test_million_columns_in_a_later_row(table_of) -> None:
    rows = list(table_of(b"a,b\n1,2\n" + b"x," * 1_000_000 + b"\n3,4\n").rows())
    assert [len(row.values) for row in rows] == [2, 2, 2]
    assert rows[1].notice is not None
    assert rows[1].notice.fatal


MEMORY = """
import resource, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from core.importing.readers import open_table
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for row in open_table(sys.argv[1]).rows())
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    line = b"12345,Some name of a customer,someone@example.com,+1 555 0100,2024-12-15,19.99\n"
    with path.open("wb") as file:
        file.write(b"id,name,email,phone,since,price\n")
        for _chunk in range(100):
            file.write(line * 10_000)
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)],
        cwd=root, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    count, grown = map(int, done.stdout.split())
    assert count == 1_000_000
    assert grown < 30


def test_a_missing_file_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_table(tmp_path / "none.csv")
