"""vCards written by real programs, and broken ones. Expected results stand in JSON."""

import json
from pathlib import Path

import pytest

from core.importing.readers import open_table

EXPECTED = json.loads((Path(__file__).parent / "vcards_expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_real_files(shared_file, name: str) -> None:
    table = open_table(shared_file(f"vcard/{name}"))
    assert (table.kind, table.encoding) == ("vcf", "utf-8")
    cards = [
        {header: value for header, value in zip(table.headers, row.values, strict=True) if value}
        for row in table.rows()
    ]
    assert cards == EXPECTED[name]
    assert [row.notice for row in table.rows()] == [None] * len(cards)


def test_every_real_file_is_pinned(shared_file) -> None:
    folder = shared_file("vcard")
    assert {path.name for path in folder.glob("*.vcf")} == set(EXPECTED)


def _cards(table) -> list[dict[str, str]]:
    return [dict(zip(table.headers, row.values, strict=True)) for row in table.rows()]


def test_broken_cards_do_not_stop_the_rest(table_of) -> None:
    table = table_of(
        "BEGIN:VCARD\nFN:Cut Off\nBEGIN:VCARD\nVERSION:3.0\nthis is no property\nFN:Good\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nNOTE:nobody\nEND:VCARD\nBEGIN:VCARD\nFN:Last\n"
    )
    rows = list(table.rows())
    assert [card["Name"] for card in _cards(table)] == ["Cut Off", "Good", "", "Last"]
    assert [(row.notice.code, row.notice.params["line"], row.notice.fatal) for row in rows] == [
        ("card_not_ended", 1, True),
        ("card_line", 5, False),
        ("card_empty", 8, True),
        ("card_not_ended", 12, True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "cp1252"])
def test_encodings(table_of, encoding: str) -> None:
    name = "Zoë Löwe" if encoding == "cp1252" else "上海贸易有限公司"
    text = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nEND:VCARD\r\n"
    assert _cards(table_of(text.encode(encoding)))[0]["Name"] == name


def test_charset_of_a_property(table_of) -> None:
    table = table_of(
        b"BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=C9=CF=BA=A3\n"
        b"N;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:L=F6we;Zo=EB\nEND:VCARD\n"
    )
    card = _cards(table)[0]
    assert (card["Name"], card["Last name"], card["First name"]) == ("上海", "Löwe", "Zoë")


def test_a_huge_photo_costs_nothing(table_of) -> None:
    table = table_of(
        b"BEGIN:VCARD\nVERSION:3.0\nPHOTO;ENCODING=b:" + b"A" * 9_000_000 + b"\nFN:Ann\n"
        b"PHOTO;ENCODING=b:" + b"QUJD\n " * 500_000 + b"\nTEL:1234567\nEND:VCARD\n"
    )
    assert _cards(table) == [{"Name": "Ann", "Phone 1": "1234567", "Phone 1 label": ""}]


def test_preferred_values_come_first(table_of) -> None:
    table = table_of(
        "BEGIN:VCARD\nVERSION:4.0\nFN:A\nEMAIL;PREF=2:b@x.com\nEMAIL:c@x.com\nEMAIL;PREF=1:a@x.com\n"
        "END:VCARD\n"
    )
    card = _cards(table)[0]
    assert [card[f"Email {n}"] for n in (1, 2, 3)] == ["a@x.com", "b@x.com", "c@x.com"]


def test_more_values_than_columns_is_told(table_of) -> None:
    emails = "".join(f"EMAIL:a{n}@x.com\n" for n in range(30))
    table = table_of(f"BEGIN:VCARD\nVERSION:3.0\nFN:A\n{emails}END:VCARD\n")
    (row,) = table.rows()
    assert row.notice is not None
    assert row.notice.code == "card_values"
    assert len(row.values) == len(table.headers) == 41


def test_resume_by_card(table_of) -> None:
    table = table_of("".join(f"BEGIN:VCARD\nFN:C{n}\nEND:VCARD\n" for n in range(1, 6)))
    source = table.rows()
    next(source)
    next(source)
    assert [row.number for row in table.rows(resume=table.tell())] == [3, 4, 5]
    assert [row.values for row in table.rows(5)] == [["C5"]]
