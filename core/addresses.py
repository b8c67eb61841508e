"""Addresses resolved once per name: to do it for each row is the dearest part of a list."""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def row_url(name: str, pk: int) -> str:
    """`reverse(name, args=[pk])`, resolved once per name; no address depends on the language."""
    start, end = _parts(name, get_script_prefix())
    return f"{start}{int(pk)}{end}"


def page_url(name: str) -> str:
    """`reverse(name)`, resolved once per name."""
    return _page(name, get_script_prefix())


@lru_cache(maxsize=512)
def _page(name: str, prefix: str) -> str:
    return reverse(name)


@lru_cache(maxsize=512)
def _parts(name: str, prefix: str) -> tuple[str, str]:
    start, _number, end = reverse(name, args=[_MARK]).partition(str(_MARK))
    return start, end


_MARK = 918273645
