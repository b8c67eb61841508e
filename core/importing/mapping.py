"""Which column goes into which field: suggested by header, confirmed by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.importing.countries import COUNTRY_NAMES
from core.importing.errors import Message, ValueProblem
from core.importing.values import (
    parse_boolean,
    parse_date,
    parse_decimal,
    parse_email,
    parse_phone,
    parse_url,
)
from core.text import fold

_NUMBERED = re.compile(r"(.*?)[\s_#(-]{0,3}(\d{1,2})\)?", re.DOTALL)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: Words in headers that say nothing about the field.
_FILLER = {"the", "of", "primary", "main", "value", "e", "no", "nr"}


@dataclass(frozen=True, slots=True)
class ImportField:
    """A field that a column can fill.

    ``kind`` is text, email, phone, url, date, datetime, number, integer, money,
    boolean, choice, tags or country; ``many`` fields take several columns
    (Phone 1, Phone 2).
    """

    key: str
    label: Message
    synonyms: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a column seems to be. ``field`` is "" when nothing fits.

    ``reason`` is header, synonym, part, content or none.
    """

    column: int
    header: str
    field: str = ""
    confidence: float = 0.0
    reason: str = "none"


def normal_header(header: str) -> str:
    """Make headers comparable: ``E-Mail_Address 1`` and ``emailAddress`` are the same."""
    text = _CAMEL.sub(" ", header[:200])
    text = fold(text)
    found = _NUMBERED.fullmatch(text)
    if found and found[1].strip():
        text = found[1]
    text = text.replace("e-mail", "email").replace("e mail", "email").replace("'s", "")
    words = re.split(r"[\W_]+", text)
    return " ".join(word for word in words if word)


def suggest_mapping(
    headers: Sequence[str],
    sample_rows: Sequence[Sequence[str]],
    fields: Iterable[ImportField],
) -> list[Suggestion]:
    """Suggest a field for every column; a field is used once unless it takes many."""
    fields = list(fields)
    candidates = []
    for column, header in enumerate(headers):
        cells = [row[column] for row in sample_rows if column < len(row) and row[column].strip()]
        looks = _looks(cells[:100])
        for place, field in enumerate(fields):
            confidence, reason = _confidence(header, field, looks, bool(cells))
            if confidence >= 0.4:
                candidates.append((-confidence, column, place, reason))
    return _choose(headers, fields, sorted(candidates))


def _choose(
    headers: Sequence[str],
    fields: list[ImportField],
    candidates: list[tuple[float, int, int, str]],
) -> list[Suggestion]:
    """Give the surest pairs first, each column and each single field once."""
    chosen: dict[int, Suggestion] = {}
    used: set[str] = set()
    for negative, column, place, reason in candidates:
        field = fields[place]
        if column in chosen or field.key in used:
            continue
        if not field.many:
            used.add(field.key)
        chosen[column] = Suggestion(column, headers[column], field.key, -negative, reason)
    return [chosen.get(column, Suggestion(column, header)) for column, header in enumerate(headers)]


def _confidence(header: str, field: ImportField, looks: dict[str, float], filled: bool) -> tuple[float, str]:
    """Score one column for one field: its name first, then what its cells look like."""
    score, reason = _header_score(header, field)
    share = looks.get(field.kind)
    if share is not None and filled:
        if score:
            if share >= 0.8:
                score += 0.05
            elif field.kind != "country":  # the list of country names is not complete
                score *= 0.6 + 0.4 * share
        elif field.kind in ("email", "url", "phone") and share >= 0.8:
            score, reason = {"email": 0.7, "url": 0.6, "phone": 0.5}[field.kind], "content"
        elif field.kind == "country" and share >= 0.9:
            score, reason = 0.5, "content"
    return round(min(score, 1.0), 3), reason


def _header_score(header: str, field: ImportField) -> tuple[float, str]:
    name = normal_header(header)
    if not name:
        return 0.0, "none"
    own = {normal_header(str(field.label)), normal_header(field.key)}
    if name in own:
        return 0.95, "header"
    synonyms = {normal_header(word) for word in field.synonyms}
    if name in synonyms:
        return 0.9, "synonym"
    squeezed = name.replace(" ", "")
    if squeezed in {word.replace(" ", "") for word in own | synonyms}:
        return 0.88, "synonym"
    words = set(name.split()) - _FILLER
    best = 0.0
    for known in own | synonyms:
        parts = set(known.split()) - _FILLER
        if parts and parts <= words:
            best = max(best, 0.4 + 0.35 * len(parts) / len(words))
    return best, "part" if best else "none"


def _looks(cells: Sequence[str]) -> dict[str, float]:
    """Return, for each kind that can be told, the share of cells that look like it."""
    if not cells:
        return {}
    shares = {kind: _share(cells, test) for kind, test in _TESTS.items()}
    shares["integer"] = shares["money"] = shares["number"]
    shares["datetime"] = shares["date"]
    return shares


def _share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    good = 0
    for cell in cells:
        try:
            good += test(cell)
        except ValueProblem as problem:
            good += problem.code == "unclear_date"
    return good / len(cells)


def _like_phone(cell: str) -> bool:
    """A number with the marks of a phone: a plain number may be anything."""
    digits = sum(char.isdigit() for char in cell)
    marked = any(char in "+-() ." for char in cell.strip()) or digits == 11
    return 7 <= digits <= 17 and marked and not _is_date(cell) and parse_phone(cell) is not None


def _is_date(cell: str) -> bool:
    try:
        return parse_date(cell) is not None
    except ValueProblem as problem:
        return problem.code == "unclear_date"


def _like_country(cell: str) -> bool:
    return fold(cell) in COUNTRY_NAMES


_TESTS: dict[str, Callable[[str], bool]] = {
    "email": lambda cell: parse_email(cell) is not None,
    "phone": _like_phone,
    "url": lambda cell: "." in cell and "@" not in cell and parse_url(cell) is not None,
    "date": lambda cell: len(cell.strip()) > 5 and _is_date(cell),
    "number": lambda cell: parse_decimal(cell) is not None,
    "boolean": lambda cell: parse_boolean(cell) is not None,
    "country": _like_country,
}
