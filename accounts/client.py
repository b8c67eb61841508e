"""Who asks, as far as the trusted proxies tell it."""

from __future__ import annotations

from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The address of the client: of the proxies' list, only what the trusted ones wrote counts."""
    from allauth.account.adapter import get_adapter

    return get_adapter().get_client_ip(request)
