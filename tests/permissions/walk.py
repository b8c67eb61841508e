"""Every URL of the product by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver


@cache
def url_names() -> tuple[str, ...]:
    """Names with their namespaces; a URL without a name is listed by its route."""
    return tuple(dict.fromkeys(_walk(get_resolver(), "", "")))


def _walk(resolver: URLResolver, namespace: str, route: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        whole = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, inner, whole)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}" if entry.name else whole
