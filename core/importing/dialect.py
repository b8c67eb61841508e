"""Delimiter, header row and decimal sign of a delimited text, told from a sample."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from core.importing import limits

DELIMITERS = (",", ";", "\t", "|")

_DATA_LIKE = re.compile(r"[-+(]?[$€£¥]?\d[\d\s.,'/:%-]*\)?|\d{4}-\d\d-\d\d.*|[^@\s]{1,100}@[^@\s]{1,200}")
_COMMA_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{3}){0,5},\d{1,4}|-?\d{1,15},\d{1,2}")
_POINT_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3}){0,5}\.\d{1,6}|-?\d{1,15}\.\d{1,6}")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a sample is laid out. ``header_row`` counts records from 1."""

    delimiter: str
    header_row: int
    #: False when the row taken for the header looks like data.
    header_sure: bool
    decimal_hint: str


def parse_sample(text: str, delimiter: str, *, whole: bool) -> list[list[str]]:
    """Split a sample into records; the last is dropped when the sample may cut it."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(_lines(text), delimiter=delimiter):
            records.append(record)
            if len(records) > limits.SAMPLE_RECORDS:
                return records[:-1]
    except csv.Error:
        return records
    return records if whole or len(records) < 2 else records[:-1]


def _lines(text: str) -> io.StringIO:
    """Split at line ends only: str.splitlines would also split at U+2028 and others."""
    return io.StringIO(text, newline="")


def detect(text: str, *, whole: bool, delimiter: str | None, header_row: int | None) -> Dialect:
    """Read the layout of a sample; what a person chose is kept as it is."""
    chosen = delimiter or _declared(text) or _best_delimiter(text, whole)
    records = parse_sample(text, chosen, whole=whole)
    row, sure = find_header(records)
    if header_row is not None:
        row, sure = header_row, True
    hint = _decimal_hint(records[row:])
    return Dialect(chosen, row, sure, hint)


def _declared(text: str) -> str:
    """Excel's own first line, ``sep=;``."""
    first = text[:8].casefold()
    if first.startswith("sep=") and first[5:6] in ("\r", "\n", "") and first[4:5] in DELIMITERS:
        return first[4:5]
    return ""


def _best_delimiter(text: str, whole: bool) -> str:
    """The delimiter that cuts most records into the same number of cells."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        score = _score(parse_sample(text, delimiter, whole=whole))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _score(records: list[list[str]]) -> tuple[float, int]:
    widths = [len(record) for record in records if any(record)]
    several = [width for width in widths if width > 1]
    if not several:
        return 0.0, 0
    mode, count = Counter(several).most_common(1)[0]
    share = count / len(widths)
    header_fits = 0.5 if widths[0] == mode else 0.0
    return round(share + header_fits, 2), mode


def find_header(records: list[list[str]]) -> tuple[int, bool]:
    """Return the number of the header record and whether it looks like one.

    Blank records and sparse title lines above a fuller record are passed over.
    """
    start = 2 if records and _is_separator_line(records[0]) else 1
    filled = [sum(1 for cell in record if cell.strip()) for record in records]
    first = next((i for i, count in enumerate(filled) if count and i >= start - 1), None)
    if first is None:
        return start, False
    widths = Counter(count for count in filled if count)
    usual = max(widths, key=lambda count: (widths[count], count))
    if filled[first] < usual and filled[first] * 2 < max(usual, 3):
        for index in range(first + 1, min(len(records), limits.TITLE_LINES + 1)):
            if filled[index] * 10 >= usual * 6 and _header_like(records[index]):
                return index + 1, True
            if filled[index] * 2 >= max(usual, 3):
                break
    return first + 1, _header_like(records[first])


def _is_separator_line(record: list[str]) -> bool:
    joined = "".join(record)
    return joined.casefold() == "sep=" or (joined[:4].casefold() == "sep=" and len(joined) == 5)


def _header_like(record: list[str]) -> bool:
    """Headers are words: no numbers, dates or addresses, and hardly any twins."""
    cells = [cell.strip() for cell in record if cell.strip()]
    return bool(cells) and not any(_DATA_LIKE.fullmatch(cell[:300]) for cell in cells)


def _decimal_hint(records: list[list[str]]) -> str:
    commas = points = 0
    for record in records:
        for cell in record:
            text = cell.strip()
            if not text or len(text) > 24 or not text[-1].isdigit():
                continue
            if _COMMA_NUMBER.fullmatch(text):
                commas += 1
            elif _POINT_NUMBER.fullmatch(text):
                points += 1
    return "," if commas > points else "."
