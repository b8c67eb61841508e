"""Yes and no, choices from a list, tags."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem
from core.importing.values.words import cached, clean_text, shown

_YES = {
    "1", "1.0", "y", "yes", "true", "t", "on", "x", "✓",
    "✔", "是", "有", "对", "真", "ja", "oui", "si", "sí", "da",
}  # fmt: skip
_NO = {
    "0", "0.0", "n", "no", "false", "f", "off", "✗", "✘",
    "否", "无", "没有", "错", "假", "不是", "nein", "non", "nao", "não",
}  # fmt: skip
_TAG_MARKS = re.compile(r"[;,|；，、\n]")
_TAGS = 50


@cached
def parse_boolean(text: str) -> bool | None:
    """Read yes/no, true/false, 1/0, 是/否 and their like."""
    word = clean_text(text).casefold()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueProblem("not_yes_no", _("“%(value)s” is neither yes nor no."), value=shown(text))


def choice_index(choices: Mapping[str, object]) -> dict[str, str]:
    """Prepare ``{value: label}`` for :func:`parse_choice`: found by value or label."""
    index: dict[str, str] = {}
    for value, label in choices.items():
        index.setdefault(_key(str(label)), value)
    index.update({_key(value): value for value in choices})
    return index


def _key(text: str) -> str:
    return clean_text(text).casefold().replace("_", " ").replace("-", " ")


def parse_choice(text: str, index: Mapping[str, str]) -> str | None:
    """Find a choice by value or label whatever its case; see :func:`choice_index`."""
    if not text.strip():
        return None
    found = index.get(_key(text))
    if found is None:
        raise ValueProblem("not_a_choice", _("“%(value)s” is not one of the choices."), value=shown(text))
    return found


def parse_tags(text: str, *, max_length: int = 50) -> tuple[str, ...]:
    """Split at ; , | and their Chinese forms; each tag once, in order."""
    if not text.strip():
        return ()
    tags: dict[str, str] = {}
    for piece in _TAG_MARKS.split(text):
        tag = clean_text(piece)
        if len(tag) > max_length:
            raise ValueProblem(
                "tag_too_long",
                _("The tag “%(value)s” is longer than %(limit)s characters."),
                value=shown(tag),
                limit=max_length,
            )
        if tag:
            tags.setdefault(tag.casefold(), tag)
    if len(tags) > _TAGS:
        raise ValueProblem("too_many_tags", _("There are more than %(limit)s tags in one cell."), limit=_TAGS)
    return tuple(tags.values())
