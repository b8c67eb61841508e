"""Whatever the bytes, reading ends with rows or with a FileProblem, never another error."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core.importing.errors import FileProblem
from core.importing.readers import open_table

PIECES = st.sampled_from(
    [
        b"a,b\n", b'"', b"\n", b"\r", b"\0", b",", b";", b"\t", b"\xe9", b"\xff\xfe", b"\xef\xbb\xbf",
        "客户".encode("gbk"), "é".encode(), b"BEGIN:VCARD\n", b"END:VCARD\n", b"FN:x\n", b"TEL;=:\n",
        b"N;ENCODING=QUOTED-PRINTABLE:=\n", b"ADR;LABEL=^n:x\n", b"item1.X-ABLabel:y\n", b" folded\n",
        b"sep=;\n", b"PK\x03\x04", b"1,5", b"2024-01-02", b"BDAY:--0203\n", b"EMAIL;PREF=9:a\n",
    ]
)  # fmt: skip


def _read(path: Path) -> None:
    with contextlib.suppress(FileProblem):
        table = open_table(path)
        for row in table.rows():
            assert len(row.values) == len(table.headers)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=25).map(b"".join)))
def test_random_files(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    path.write_bytes(content)
    _read(path)


def _parts() -> dict[str, bytes]:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row in range(4):
            sheet.write_row(row, 0, ["text", row, 1.5])
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = _parts()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PARTS)), st.integers(0, 5_000), st.binary(max_size=8))
def test_spoilt_workbooks(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, junk: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoilt.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in PARTS.items():
            cut = place % (len(data) + 1)
            spoilt = data[:cut] + junk + data[cut + len(junk) :] if part == name else data
            archive.writestr(part, spoilt)
    _read(path)
