"""What surrounds every request: the health pages and the Content-Security-Policy header."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from core.views.health import healthz, readyz

HEALTH_PAGES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
HEADER = "Content-Security-Policy"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'{nonce}; style-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)


class HealthMiddleware:
    """Answers the health pages before anything else looks at the request.

    A load balancer asks by IP address and without TLS, and must get its answer even when the
    sessions or the database are gone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = HEALTH_PAGES.get(request.path_info, self.get_response)
        return page(request)


class ContentSecurityPolicyMiddleware:
    """Django 6 has its own; this one goes when we are there.

    Gives each request a nonce (``request.csp_nonce``) and each response the policy.

    The nonce stands in the header only when a template used it, so that pages without any
    inline script allow none at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        used: list[str] = []

        def make_nonce() -> str:
            used.append(secrets.token_urlsafe(16))
            return used[-1]

        request.csp_nonce = SimpleLazyObject(make_nonce)  # type: ignore[attr-defined]
        response = self.get_response(request)
        nonce = f" 'nonce-{used[-1]}'" if used else ""
        response.headers.setdefault(HEADER, POLICY.format(nonce=nonce))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
