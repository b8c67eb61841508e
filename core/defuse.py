"""Text that a spreadsheet would take for a formula, made harmless and brought back.

A cell that begins with = + - @ (or their wide forms), a tab or a line break gets an apostrophe in
front; so does one that begins with apostrophes and then one of these. That makes the way back
exact: `fuse(defuse(text)) == text` for every text, so what is exported imports unchanged.
"""

from __future__ import annotations

from typing import Any

DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")


def defuse(value: Any) -> Any:
    """The value as it may stand in a file; anything but text is left alone."""
    if isinstance(value, str) and value and _dangerous(value):
        return "'" + value
    return value


def fuse(text: str) -> str:
    """What a cell held before `defuse`."""
    if text[:1] == "'" and _dangerous(text):
        return text[1:]
    return text


def _dangerous(text: str) -> bool:
    first = text[0]
    if first == "'":
        first = text.lstrip("'")[:1]
    return first in DANGEROUS if first else False
