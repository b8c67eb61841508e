"""vCard 2.1, 3.0 and 4.0 as real programs write them, one card at a time.

Tolerant on purpose: grouped properties (``item1.EMAIL`` with ``X-ABLabel``),
quoted-printable, charsets, odd folding, stray blank lines, pictures of any size.
A line that makes no sense is counted, never fatal.
"""

from __future__ import annotations

import quopri
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.importing import limits


@dataclass(slots=True)
class Property:
    """One content line, unfolded and decoded but not yet unescaped."""

    group: str
    name: str
    params: dict[str, list[str]]
    value: str
    line: int

    def types(self) -> list[str]:
        """Return the TYPE words, lower case, as 2.1, 3.0 and 4.0 write them."""
        return [word for word in self.params.get("TYPE", []) if word]


@dataclass(slots=True)
class RawCard:
    """The properties between BEGIN and END; ``line`` is where it begins."""

    line: int
    version: str = ""
    properties: list[Property] = field(default_factory=list)
    bad_lines: list[int] = field(default_factory=list)
    complete: bool = False
    size: int = 0


def read_cards(path: Path, encoding: str) -> Iterator[RawCard]:
    """Stream the cards of a file."""
    card: RawCard | None = None
    for number, line in _content_lines(path, encoding):
        upper = line[:16].strip().upper()
        if upper.startswith("BEGIN:VCARD"):
            if card is not None:
                yield card
            card = RawCard(number)
        elif card is None:
            continue
        elif upper.startswith("END:VCARD"):
            card.complete = True
            yield card
            card = None
        else:
            _add(card, number, line)
    if card is not None:
        yield card


def _add(card: RawCard, number: int, line: str) -> None:
    found = parse_line(line, number)
    if found is None:
        card.bad_lines.append(number)
    elif found.name == "VERSION":
        card.version = found.value.strip()
    else:
        card.size += len(found.value)
        if card.size <= limits.VCARD_CHARS:
            card.properties.append(found)
        else:
            card.bad_lines.append(number)


def _physical_lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield numbered lines without their end; what is beyond the limit is cut off."""
    number, tail = 0, False
    with path.open(encoding=encoding, errors="replace", newline=None) as file:
        while line := file.readline(limits.VCARD_LINE_CHARS):
            ended = line.endswith("\n")
            if not tail:
                number += 1
                yield number, line.rstrip("\n").lstrip("\ufeff").replace("\0", "")
            tail = not ended


def _content_lines(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Unfold: join continued lines; leave base64 data out."""
    parts: list[str] = []
    size = start = 0
    quoted = data = False
    for number, line in _physical_lines(path, encoding):
        if parts and quoted and parts[-1].endswith("="):
            size += len(line)
            parts[-1] = parts[-1][:-1]
            if size <= limits.VCARD_LINE_CHARS:
                parts.append(line)
            continue
        if not line.strip():
            continue
        if parts and line[0] in " \t":
            size += len(line)
            if not data and size <= limits.VCARD_LINE_CHARS:
                parts.append(line[1:])
            continue
        if parts and data and ":" not in line:
            continue
        if parts:
            yield start, "".join(parts)
        parts, size, start = [line], 0, number
        head = line.partition(":")[0].upper()
        quoted = "QUOTED-PRINTABLE" in head
        data = "BASE64" in head or "ENCODING=B" in head
    if parts:
        yield start, "".join(parts)


def parse_line(line: str, number: int = 0) -> Property | None:
    """Split ``group.NAME;PARAM=value:value``; ``None`` when it has no such shape."""
    head, value = _split_head(line)
    if value is None:
        return None
    pieces = _split_quoted(head, ";")
    group, dot, name = pieces[0].strip().rpartition(".")
    name = name.upper()
    if not name or not name.replace("-", "").replace("_", "").isalnum():
        return None
    params: dict[str, list[str]] = {}
    for piece in pieces[1:]:
        _add_param(params, piece)
    if "BASE64" in params.get("ENCODING", []) or "B" in params.get("ENCODING", []):
        value = ""
    elif "QUOTED-PRINTABLE" in params.get("ENCODING", []):
        value = _decode_quoted(value, params)
    return Property(group.lower() if dot else "", name, params, value, number)


def _split_head(line: str) -> tuple[str, str | None]:
    """Split at the first colon outside quotation marks."""
    quoted = False
    for index, char in enumerate(line[:65_536]):
        if char == '"':
            quoted = not quoted
        elif char == ":" and not quoted:
            return line[:index], line[index + 1 :]
    head, colon, value = line.partition(":")
    return head, value if colon else None


def _split_quoted(text: str, mark: str) -> list[str]:
    if '"' not in text:
        return text.split(mark)
    pieces: list[str] = []
    current: list[str] = []
    quoted = False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char == mark and not quoted:
            pieces.append("".join(current))
            current = []
            continue
        current.append(char)
    return [*pieces, "".join(current)]


_BARE_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT")


def _add_param(params: dict[str, list[str]], piece: str) -> None:
    name, equals, value = piece.partition("=")
    name = name.strip().upper()
    if not equals:  # 2.1 writes TEL;WORK;VOICE
        key = "ENCODING" if name in _BARE_ENCODINGS else "TYPE"
        params.setdefault(key, []).append(name if key == "ENCODING" else name.lower())
        return
    raw_label = name == "LABEL" and '"' not in value
    value = value.replace('"', "").strip()
    if name == "TYPE":
        params.setdefault(name, []).extend(word.strip().lower() for word in value.split(","))
    elif name == "ENCODING":
        params.setdefault(name, []).append(value.upper())
    else:
        params.setdefault(name, []).append(value)
    if raw_label and "^n" in value:
        params.setdefault("X-RAW-LABEL", []).append("yes")


def _decode_quoted(value: str, params: dict[str, list[str]]) -> str:
    charset = (params.get("CHARSET") or ["utf-8"])[0]
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return raw.decode(charset)
    except (LookupError, UnicodeDecodeError):
        pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        utf8_like = charset.lower() in ("utf-8", "us-ascii")
        return raw.decode("utf-8" if utf8_like else "cp1252", "replace")


def split_escaped(value: str, mark: str) -> list[str]:
    """Split at ``mark`` where no backslash stands before it; escapes are kept."""
    if "\\" not in value:
        return value.split(mark)
    pieces, current, index = [], [], 0
    while index < len(value):
        char = value[index]
        if char == "\\" and index + 1 < len(value):
            current.append(value[index : index + 2])
            index += 2
            continue
        if char == mark:
            pieces.append("".join(current))
            current = []
        else:
            current.append(char)
        index += 1
    return [*pieces, "".join(current)]


def unescape(value: str, version: str = "3.0") -> str:
    """Resolve backslash escapes; 2.1 knows no escaped line break."""
    if "\\" in value:
        out, index = [], 0
        while index < len(value):
            char = value[index]
            after = value[index + 1 : index + 2]
            if char == "\\" and after in ("n", "N") and version != "2.1":
                out.append("\n")
                index += 2
            elif char == "\\" and after and after in ";,:\\\"'":
                out.append(after)
                index += 2
            else:
                out.append(char)
                index += 1
        value = "".join(out)
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.strip()
