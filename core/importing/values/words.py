"""Text cells: control characters out, spaces in order, length bounded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem

_TABLE: dict[int, int | str | None] = dict.fromkeys([*range(32), *range(127, 160), 65279, 8203, 8288])
# Marks that turn the direction of text round can make a name look like another.
_TABLE.update(dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
_TABLE.update({9: " ", 10: "\n", 11: "\n", 12: "\n", 13: "\n", 0x85: "\n", 0x2028: "\n"})
_TABLE.update({0x2029: "\n", 0xA0: " "})
_TABLE.update(dict.fromkeys(range(55296, 57344)))


def clean_text(text: str, *, multiline: bool = False) -> str:
    """Take out what cannot be seen and set spaces in order; never raises."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TABLE))
    if multiline and "\n" in text:
        lines = [line.rstrip(" ") for line in text.split("\n")]
        return "\n".join(lines).strip()
    return " ".join(text.split())


def parse_text(text: str, *, max_length: int = 255, multiline: bool = False) -> str:
    """Return clean text; refuse what would not fit, as cutting would lose data."""
    if text.isalnum() and text.isascii() and len(text) <= max_length:
        return text
    text = clean_text(text, multiline=multiline)
    if len(text) > max_length:
        raise ValueProblem(
            "too_long",
            _("The text has %(length)s characters; at most %(limit)s fit here."),
            length=len(text),
            limit=max_length,
        )
    return text


Result = TypeVar("Result")
_CACHED_CHARS = 120


def cached(function: Callable[..., Result]) -> Callable[..., Result]:
    """Remember results of short texts: cells repeat. Long ones would fill memory."""
    remembered = lru_cache(maxsize=20_000)(function)

    @wraps(function)
    def call(text: str, *args: str) -> Result:
        return (remembered if len(text) <= _CACHED_CHARS else function)(text, *args)

    return call


def shown(text: str) -> str:
    """Return a cell short enough to stand in a message."""
    text = clean_text(text)
    return text if len(text) <= 60 else f"{text[:57]}…"
