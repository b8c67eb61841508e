"""What every template can use without its view passing it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The product's name, the request's CSP nonce and whether this is a developer's server."""
    return {
        "site_name": "Guanxi",
        "csp_nonce": getattr(request, "csp_nonce", ""),
        "developer": settings.DEBUG,
        "languages": settings.LANGUAGES,
    }
