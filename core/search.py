"""Search that finds the same rows on SQLite and PostgreSQL.

A searchable model has `search_text`: folded words in one line, with spaces round each Chinese
or Japanese character. A query is folded the same way and split into words; every word
must be found:

* a word with Chinese characters: anywhere in the text, as a phrase of single characters;
* another word of three characters or more: anywhere inside the text (trigram index);
* one or two other characters: at the start of a word.

Each database answers from indexes that a migration makes with `core.search_index`.
"""

from __future__ import annotations

import re
from typing import TypeVar

from django.db import connections, models
from django.db.models import F, Func, Value
from django.db.models.expressions import RawSQL

from core.text import cjk_spaced, fold, is_cjk

Q = TypeVar("Q", bound=models.QuerySet)

MAX_WORDS = 8
_DIGITS = re.compile(r"[\d\s().+/-]+\Z")
_TOKEN = re.compile(r"[\W_]+")


def words(text: str) -> list[str]:
    """The folded words of a query. A phone number typed with spaces and signs is one word."""
    text = text.replace("\x00", "")[:200].strip()
    if _DIGITS.match(text):
        digits = re.sub(r"\D", "", text)
        return [digits] if digits else []
    return fold(text).split()[:MAX_WORDS]


def matching(queryset: Q, text: str) -> Q:
    """Rows in which every word of `text` is found; all rows for an empty text."""
    for word in words(text):
        queryset = _with_word(queryset, word)
    return queryset


def _with_word(queryset: Q, word: str) -> Q:
    vendor = connections[queryset.db].vendor
    table = queryset.model._meta.db_table
    has_cjk = any(map(is_cjk, word))
    if len(word) >= 3 and not has_cjk:
        if vendor == "sqlite":
            return queryset.filter(pk__in=_sqlite(f"{table}_tri", _phrase(word)))
        return queryset.filter(search_text__contains=word)
    tokens = [t for t in _TOKEN.split(cjk_spaced(word)) if t]
    if not tokens:
        return queryset.none()
    if vendor == "sqlite":
        phrase = _phrase(" ".join(tokens)) + ("" if has_cjk else "*")
        return queryset.filter(pk__in=_sqlite(f"{table}_word", phrase))
    return queryset.filter(_postgres(tokens, prefix=not has_cjk))


def _phrase(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _sqlite(index: str, query: str) -> RawSQL:
    return RawSQL(f"SELECT rowid FROM {index} WHERE {index} MATCH %s", [query])  # noqa: S608, S611


def _postgres(tokens: list[str], *, prefix: bool) -> Func:
    """A condition on the row itself: to look its id up among those found reads the whole table."""
    # Tokens hold letters and digits only, so quoting them is enough.
    query = " <-> ".join(f"'x{token}'" for token in tokens) + (":*" if prefix else "")
    return Func(
        F("search_text"),
        Value(query),
        template="gx_words(%(expressions)s::tsquery",
        arg_joiner=") @@ ",
        output_field=models.BooleanField(),
    )
