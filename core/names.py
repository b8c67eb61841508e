"""People's names in the order of their language."""

from __future__ import annotations

import re

_CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]")
# Languages that write the family name first even in Latin letters.
FAMILY_FIRST = {"hu", "vi"}


def person_name(given: str, family: str, language: str = "") -> str:
    """Compose a full name.

    Chinese, Japanese and Korean names put the family name first without a space; Hungarian and
    Vietnamese put it first with one; all others put the given name first.
    """
    given, family = given.strip(), family.strip()
    if _CJK.search(family) or (not family and _CJK.search(given)):
        return family + given if not _latin(given) else f"{given} {family}".strip()
    if language.split("-")[0] in FAMILY_FIRST:
        return f"{family} {given}".strip()
    return f"{given} {family}".strip()


def _latin(text: str) -> bool:
    return bool(text) and not _CJK.search(text)
