"""Detection and streaming of delimited text."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.importing.readers import Position, ReadOptions, open_table

CHINESE = "客户名称,城市,电话\n上海贸易有限公司,上海,13800138000\n北京科技公司,北京,13900139000\n"


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("name,city\nZoë,Köln\n", "utf-8", "utf-8"),
        ("name,city\nZoë,Köln\n", "utf-8-sig", "utf-8-sig"),
        ("name,city\nZoë,Köln\nJosé,Málaga\n", "cp1252", "cp1252"),
        ("name,price\nété,€ 5\nthéâtre,“x”\n", "cp1252", "cp1252"),
        ("name,city\nZoë\x81,Köln\n", "latin-1", "latin-1"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE + "㐀𠀀,北京市海淀区中关村大街,1\n", "gb18030", "gb18030"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        ("name,city\nZoë,Köln\n", "utf-16", "utf-16-le"),
        ("name,city\nAnn,Rome\n", "ascii", "utf-8"),
    ],
)
def test_encoding_is_detected(table_of, text: str, encoding: str, expected: str) -> None:
    table = table_of(text.encode(encoding))
    assert table.encoding == expected
    expected_rows = list(csv.reader(io.StringIO(text)))
    assert table.headers == expected_rows[0]
    assert [row.values for row in table.rows()] == expected_rows[1:]


def test_big_endian_with_mark(table_of) -> None:
    table = table_of(codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"))
    assert (table.encoding, table.headers[0]) == ("utf-16-be", "客户名称")


def test_western_letter_far_down_the_file(table_of) -> None:
    table = table_of(b"name,b\n" + b"plain,1\n" * 300_000 + b"caf\xe9,2\n")
    assert table.encoding == "cp1252"
    assert list(table.rows())[-1].values == ["café", "2"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_end(table_of, delimiter: str, end: str) -> None:
    lines = [["name", "note", "price"], ["Ann", "a, b; c | d", "1"], ["Bob", "x\r\ny\nz", "2"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(lines)
    table = table_of(buffer.getvalue())
    assert table.delimiter == delimiter
    assert [row.values for row in table.rows()] == lines[1:]


def test_semicolons_with_decimal_commas(table_of) -> None:
    table = table_of("a;b;c\n1,5;2,5;3,25\n4,5;5,5;6,5\n")
    assert (table.delimiter, table.decimal_hint) == (";", ",")
    assert table_of("a,b\n1.5,2\n").decimal_hint == "."


def test_excel_says_its_delimiter(table_of) -> None:
    table = table_of("sep=;\nname;note\nAnn;a,b,c\n")
    assert (table.delimiter, table.header_row, table.headers) == (";", 2, ["name", "note"])


def test_single_column(table_of) -> None:
    table = table_of("email\na@x.com\nb@x.com\n")
    assert (table.headers, [row.values for row in table.rows()]) == (
        ["email"], [["a@x.com"], ["b@x.com"]],
    )  # fmt: skip


def test_titles_and_blank_lines_above_the_header(table_of) -> None:
    table = table_of("\nCustomers 2024,,,\n\nName,City,Phone,Since\nAnn,Rome,1,2024-01-01\n")
    assert (table.header_row, table.headers) == (4, ["Name", "City", "Phone", "Since"])
    assert [row.number for row in table.rows()] == [5]


def test_header_with_gaps_stays_the_header(table_of) -> None:
    table = table_of("Name,,,\nAnn,Rome,1,2\nBob,Oslo,3,4\n")
    assert table.headers == ["Name", "Column 2", "Column 3", "Column 4"]


def test_a_file_without_header(table_of) -> None:
    assert table_of("Ann,a@x.com\nBob,b@x.com\n").header_sure is False
    table = table_of("Ann,a@x.com\nBob,b@x.com\n", header_row=0)
    assert table.headers == ["Column 1", "Column 2"]
    assert [row.number for row in table.rows()] == [1, 2]


def test_chosen_delimiter_and_header_row_are_kept(table_of) -> None:
    table = table_of("x;1,a\ny;2,b\nz;3,c\n", delimiter=";", header_row=2)
    assert (table.delimiter, table.headers) == (";", ["y", "2,b"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le"])
def test_reading_resumes_anywhere(table_of, encoding: str) -> None:
    text = "名,note\n" + "".join(f'客户名称{n},"line\nthe ""{n}"""\n\n' for n in range(50))
    table = table_of(text.encode(encoding))
    whole = list(table.rows())
    assert len(whole) == 50
    for stop in (1, 7, 49):
        source = table.rows()
        for _row in range(stop):
            next(source)
        place = table.tell()
        again = open_table(table.path, options=ReadOptions(encoding=encoding))
        assert list(again.rows(resume=place)) == whole[stop:]
        assert list(again.rows(whole[stop - 1].number + 1)) == whole[stop:]
    assert list(table.rows(resume=Position(whole[9].number))) == whole[10:]


CELL = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t", exclude_characters="\ufeff"),
    max_size=20,
)


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_is_read(tmp_path_factory, rows, delimiter, encoding, end) -> None:
    rows = [["key", *row] for row in rows]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([["First", "Second", "Third", "Fourth"], *rows])
    path = tmp_path_factory.getbasetemp() / "round.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    table = open_table(path, options=ReadOptions(encoding=encoding, delimiter=delimiter, header_row=1))
    assert table.headers == ["First", "Second", "Third", "Fourth"]
    assert [row.values for row in table.rows()] == rows


@pytest.mark.parametrize(
    ("name", "rows", "columns", "first"),
    [
        ("cdnow/cdnow_customers_summary.csv", 2_357, 4, "ID"),
        ("cdnow/cdnow_master.csv", 69_659, 4, "customer_id"),
        ("directory/customers-10000.csv", 10_000, 12, "Index"),
        ("directory/organizations-10000.csv", 10_000, 8, "Index"),
        ("directory/people-1000.csv", 1_000, 9, "Index"),
        ("leads/leads.csv", 9_240, 38, "Prospect ID"),
        ("mailing/hillstrom.csv", 64_000, 12, "recency"),
        ("online_retail/online_retail.csv", 541_909, 8, "InvoiceNo"),
        ("sales_pipeline/accounts.csv", 85, 7, "account"),
        ("sales_pipeline/products.csv", 7, 3, "product"),
        ("sales_pipeline/sales_pipeline.csv", 8_800, 8, "opportunity_id"),
        ("sales_pipeline/sales_teams.csv", 35, 3, "sales_agent"),
    ],
)
def test_real_files(shared_file, name: str, rows: int, columns: int, first: str) -> None:
    path: Path = shared_file(name)
    table = open_table(path)
    assert (table.kind, table.encoding, table.delimiter, table.header_row) == ("csv", "utf-8", ",", 1)
    assert (len(table.headers), table.headers[0], table.header_sure) == (columns, first, True)
    count = notices = 0
    for row in table.rows():
        count += 1
        notices += row.notice is not None
    assert (count, notices) == (rows, 0)
    assert table.tell().offset == path.stat().st_size


def test_two_plain_words_are_header_and_row(table_of) -> None:
    table = table_of("Name\nAnn\n")
    assert (table.header_row, table.headers) == (1, ["Name"])
    assert [row.values for row in table.rows()] == [["Ann"]]
