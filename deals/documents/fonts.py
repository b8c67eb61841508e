"""The font of documents: one that has Latin and Chinese letters, cut to what a document needs.

Reading the whole font takes longer than writing the document, so cuts of it are kept as files: the
Latin one is made when first needed, the one with the 6,763 usual Chinese characters by a job. What
neither has is looked up in the whole font.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from core.exceptions import RuleViolation
from core.jobs import Running, enqueue, job_handler

JOB = "deals.cut_fonts"
# It tells every step of every cut, dozens of lines for each document.
logging.getLogger("fontTools").setLevel(logging.WARNING)


@cache
def latin() -> frozenset[int]:
    """Latin with accents, punctuation, currency signs, and the marks of Chinese text."""
    ranges = ((0x20, 0x250), (0x2000, 0x2070), (0x20A0, 0x20D0), (0x2100, 0x2150), (0x3000, 0x3040),
              (0xFF00, 0xFFF0))  # fmt: skip
    return frozenset(code for start, end in ranges for code in range(start, end))


@cache
def usual_chinese() -> frozenset[int]:
    """Latin and every character of GB 2312."""
    pairs = (bytes([row, place]) for row in range(0xA1, 0xF8) for place in range(0xA1, 0xFF))
    return latin() | {ord(char) for char in (pair.decode("gb2312", "ignore") for pair in pairs) if char}


def font_for(text: str) -> Path:
    """The smallest font file there is for this text."""
    codes = set(map(ord, text)) - {10, 13}
    if codes <= latin():
        return _cut("latin", latin())
    path = _place("chinese")
    if codes <= usual_chinese():
        if path.exists():
            return path
        _ask_for_cut()
    return whole_font()


def whole_font() -> Path:
    from pylopdf_fonts_zh_cn import sans_path

    return sans_path()


@job_handler(JOB)
def cut_fonts(job: Running) -> dict[str, Any]:
    """Make the Chinese cut; done twice, the second finds it there."""
    return {"file": chinese_cut().name}


def chinese_cut() -> Path:
    """The cut with the usual Chinese characters, made where it is not there yet: that takes seconds."""
    return _cut("chinese", usual_chinese())


def _ask_for_cut() -> None:
    try:
        enqueue(JOB, arguments={}, key=JOB)
    except RuleViolation:
        return  # it is being made


def _place(name: str) -> Path:
    from pylopdf_fonts_zh_cn import __version__

    folder: Path = settings.VAR_DIR / "fonts"
    return folder / f"{name}-{__version__}.otf"


def _cut(name: str, codes: frozenset[int]) -> Path:
    path = _place(name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: nobody reads half a font.
        draft = path.with_suffix(f".{os.getpid()}")
        _subset(codes, draft)
        draft.replace(path)
    return path


def _subset(codes: frozenset[int], path: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=[], desubroutinize=True, hinting=False, glyph_names=False, notdef_outline=True
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    with TTFont(whole_font(), lazy=True) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=codes)
        cutter.subset(font)
        font.save(path)
