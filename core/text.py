"""Folding text for search: the same on every database and for every script."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Characters of the text a record is found by.
SEARCH_LIMIT = 2_000

#: Letters that Unicode does not take apart but people type without their stroke.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})


def fold(text: str) -> str:
    """Make text comparable: no accents, no case, no width, single spaces.

    ``fold(fold(x)) == fold(x)`` for every text.
    """
    if text.isascii():
        return " ".join(text.lower().replace("\0", "").split())
    return _fold(text) if len(text) <= 100 else _fold.__wrapped__(text)


@lru_cache(maxsize=10_000)
def _fold(text: str) -> str:
    # Casefolding can bring forth letters to take apart, and the other way round.
    for _pass in range(4):
        apart = unicodedata.normalize("NFKD", text)
        bare = "".join(char for char in apart if not unicodedata.combining(char))
        folded = unicodedata.normalize("NFKC", bare.casefold().translate(_STROKES))
        folded = " ".join(folded.replace("\0", "").split())
        if folded == text:
            break
        text = folded
    return text


def digits(phone: str) -> str:
    """Return the digits of a phone number alone, of any script, as 0 to 9."""
    if phone.isascii():
        return "".join(filter(str.isdigit, phone))
    found = (unicodedata.decimal(char, None) for char in unicodedata.normalize("NFKC", phone))
    return "".join(str(digit) for digit in found if digit is not None)


def is_cjk(char: str) -> bool:
    """Tell whether a character is written without spaces round it (Han, kana)."""
    code = ord(char)
    return (
        0x3400 <= code <= 0x9FFF
        or 0x3040 <= code <= 0x30FF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def cjk_spaced(text: str) -> str:
    """Put spaces round each CJK character, so that an index of words finds it."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join("".join(f" {char} " if is_cjk(char) else char for char in text).split())


def search_text(*parts: str | None, phones: tuple[str, ...] | list[str] = ()) -> str:
    """Join what a record is found by: folded parts once each, then digits of phones."""
    seen: dict[str, None] = {}
    for part in parts:
        if part:
            seen.setdefault(fold(part[:SEARCH_LIMIT]))
    for phone in phones:
        if phone:
            seen.setdefault(digits(phone[:100]))
    seen.pop("", None)
    return " ".join(seen)[:SEARCH_LIMIT].rstrip()
