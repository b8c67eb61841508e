"""What a file is and how its text is encoded, told from its bytes, never its name."""

from __future__ import annotations

import codecs
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from core.importing import limits
from core.importing.errors import FileProblem
from core.importing.table import damaged_workbook, empty_file

#: Encodings a person may choose, with the codec that reads them.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "big5": "big5",
    "shift_jis": "shift_jis",
    "euc-kr": "euc-kr",
    "cp1250": "cp1250",
    "cp1251": "cp1251",
    "cp1252": "cp1252",
    "latin-1": "latin-1",
}

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"RIFF", "binary"),
    (b"\x7fELF", "binary"),
    (b"MZ\x90", "binary"),
    (b"SQLite format 3\0", "binary"),
    (b"{\\rtf", "document"),
)
_REFUSALS = {
    "xls": _(
        "This is an old Excel workbook (.xls) or another Office 97 file. Nothing was "
        "imported. Open it, save it as .xlsx or CSV, and upload that."
    ),
    "pdf": _(
        "This is a PDF, which holds pages and not a table. Nothing was imported. "
        "Export the data as CSV or .xlsx where it came from."
    ),
    "archive": _(
        "This is a compressed archive. Nothing was imported. Unpack it and upload the "
        "CSV, .xlsx or .vcf file inside."
    ),
    "image": _("This is a picture. Nothing was imported. Upload a CSV, .xlsx or .vcf file instead."),
    "document": _(
        "This is a document, not a table. Nothing was imported. Upload a CSV, .xlsx or .vcf file instead."
    ),
    "markup": _(
        "This is a web page or structured data, not a table. Nothing was imported. "
        "Export the data as CSV or .xlsx and upload that."
    ),
    "binary": _(
        "This is not a text file or workbook that can be read. Nothing was imported. "
        "Upload a CSV, .xlsx or .vcf file instead."
    ),
}
_CONTROL = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27, 0})
_MARKUP = ("<!doctype", "<html", "<?xml", '{"', '[{"', "<svg")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the bytes say: ``kind`` is csv, xlsx or vcf."""

    kind: str
    encoding: str = ""
    #: False when another encoding is possible: the page should ask.
    sure: bool = True


def refuse(code: str) -> FileProblem:
    """Return the problem for a kind of file that is not read."""
    return FileProblem(code, _REFUSALS[code])


def sniff(path: Path, encoding: str | None = None) -> Sniffed:
    """Tell kind and encoding of a file, reading all of it once when it is text."""
    with path.open("rb") as file:
        head = file.read(limits.SAMPLE_BYTES)
    if not head:
        raise empty_file()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _sniff_zip(path)
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise refuse(code)
    if encoding:
        if encoding.lower() not in ENCODINGS:
            raise refuse("binary")
        found = Sniffed("csv", _explicit(encoding.lower(), head))
    else:
        found = _detect_encoding(path, head)
    text = head.decode(found.encoding, "ignore").lstrip("\ufeff\0 \t\r\n")
    if not text:
        _require_content(path, found.encoding)
    start = text[:64].casefold()
    if start.startswith(_MARKUP):
        raise refuse("markup")
    kind = "vcf" if start.startswith("begin:vcard") else "csv"
    return Sniffed(kind, found.encoding, found.sure)


def _explicit(encoding: str, head: bytes) -> str:
    """Return the codec for a chosen encoding; a BOM settles which form it is."""
    for bom, name in _BOMS:
        if head.startswith(bom) and name.startswith(encoding[:5]):
            return name
    return "utf-16-le" if encoding == "utf-16" else ENCODINGS[encoding]


def _require_content(path: Path, encoding: str) -> None:
    """Raise when a file holds blanks alone, however many."""
    with path.open("r", encoding=encoding, errors="replace") as file:
        while chunk := file.read(limits.MIB):
            if chunk.strip("\ufeff\0 \t\r\n"):
                return
    raise empty_file()


def _sniff_zip(path: Path) -> Sniffed:
    """Tell a workbook from other things in ZIP clothes by the parts it has."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = {info.filename for info in archive.infolist()[: limits.XLSX_ENTRIES]}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise damaged_workbook() from error
    if "xl/workbook.xml" in names:
        return Sniffed("xlsx")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refuse("xls")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise refuse("document")
    raise refuse("archive")


def _detect_encoding(path: Path, head: bytes) -> Sniffed:
    for bom, name in _BOMS:
        if head.startswith(bom):
            return Sniffed("csv", name)
    wide = _utf16_without_bom(head)
    if wide:
        return Sniffed("csv", wide)
    _refuse_binary(head)
    good, first_bad, had_multibyte = _check_utf8(path)
    if good:
        return Sniffed("csv", "utf-8")
    if had_multibyte:
        raise undecodable("utf-8", line_of(path, first_bad))
    return _eight_bit(path, first_bad)


def _utf16_without_bom(head: bytes) -> str:
    """UTF-16 shows as zero bytes at places of one parity only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    zeros = even + odd
    if zeros < 2 or zeros * 50 < len(head):
        return ""
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    if max(even, odd) < 0.95 * zeros:
        return ""
    try:
        text = head[: len(head) // 2 * 2 - 2].decode(encoding)
    except UnicodeDecodeError:
        return ""
    strange = sum(1 for char in text[:4096] if not char.isprintable() and char not in "\r\n\t\ufeff")
    return encoding if strange * 100 < max(len(text[:4096]), 1) else ""


def _refuse_binary(head: bytes) -> None:
    """Text has hardly any control characters; a few stray NULs are forgiven."""
    control = len(head) - len(head.translate(None, _CONTROL))
    nulls = head.count(0)
    if control * 100 > len(head) or nulls * 20 > len(head):
        raise refuse("binary")


def _check_utf8(path: Path) -> tuple[bool, int, bool]:
    """Decode the whole file; return (valid, first bad byte, saw multi-byte before it)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset, multibyte = 0, False
    with path.open("rb") as file:
        while True:
            chunk = file.read(limits.MIB)
            pending = len(decoder.getstate()[0])
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                before = chunk[: max(error.start - pending, 0)]
                return False, offset - pending + error.start, multibyte or not before.isascii()
            multibyte = multibyte or not text.isascii()
            if not chunk:
                return True, -1, multibyte
            offset += len(chunk)


def _eight_bit(path: Path, first_bad: int) -> Sniffed:
    """Choose between Chinese (GB18030) and Western (cp1252, Latin-1) by byte pairs."""
    with path.open("rb") as file:
        file.seek(max(first_bad - 1024, 0))
        sample = file.read(limits.SAMPLE_BYTES)
    pairs, typical = _gb_pairs(sample[sample.find(b"\n", 0, 1024) + 1 :])
    if pairs and typical * 10 >= pairs * 7 and first_undecodable(path, "gb18030") is None:
        return Sniffed("csv", "gb18030", sure=pairs > 3)
    if first_undecodable(path, "cp1252") is None:
        return Sniffed("csv", "cp1252", sure=False)
    return Sniffed("csv", "latin-1", sure=False)


def _gb_pairs(sample: bytes) -> tuple[int, int]:
    """Count double-byte characters and those among the common ones of GB 2312."""
    pairs = typical = index = 0
    end = len(sample) - 1
    while index < end:
        lead = sample[index]
        if lead < 0x80:
            index += 1
            continue
        trail = sample[index + 1]
        pairs += 1
        if trail >= 0xA1 and (0xB0 <= lead <= 0xF7 or 0xA1 <= lead <= 0xA3):
            typical += 1
        index += 2
    return pairs, typical


def first_undecodable(path: Path, encoding: str) -> int | None:
    """Return the line number of the first bytes that are not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(limits.MIB)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n")
            if not chunk:
                return None
            lines += text.count("\n")


def line_of(path: Path, offset: int) -> int:
    """Return the number of the line that holds a byte."""
    lines = 1
    with path.open("rb") as file:
        while offset > 0 and (chunk := file.read(min(limits.MIB, offset))):
            lines += chunk.count(b"\n")
            offset -= len(chunk)
    return lines


def undecodable(encoding: str, line: int) -> FileProblem:
    """Say at which line text stops being of its encoding."""
    return FileProblem(
        "undecodable",
        _(
            "Line %(line)s holds bytes that are not %(encoding)s text. Nothing after it was "
            "read. Choose another encoding, or save the file again as “CSV UTF-8”."
        ),
        line=line,
        encoding=encoding.upper(),
    )
