"""Counting in the shared cache, for pages that anybody may open: so many in an hour, then no more."""

from __future__ import annotations

from django.core.cache import cache


def count(key: str, seconds: int) -> int:
    """Count one more; returns how many there were since the first within so many seconds."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two lines
        return 1


def counted(key: str) -> int:
    """How many were counted, without counting."""
    found: int = cache.get(key, 0)
    return found
