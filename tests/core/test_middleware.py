"""The security headers stand on every response."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from core.middleware import ContentSecurityPolicyMiddleware
from tests.factories.accounts import UserFactory

POLICY = (
    "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'"
)


def answer(view: object) -> HttpResponse:
    """The response of a view behind the middleware."""
    return ContentSecurityPolicyMiddleware(view)(RequestFactory().get("/"))  # type: ignore[arg-type]


def test_a_page_without_inline_script_allows_none() -> None:
    assert answer(lambda request: HttpResponse()).headers["Content-Security-Policy"] == POLICY


def test_a_used_nonce_stands_in_the_policy_and_stays_the_same() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{request.csp_nonce} {request.csp_nonce}")  # type: ignore[attr-defined]

    response = answer(view)
    one, two = response.content.decode().split()
    assert one == two
    assert f"script-src 'self' 'nonce-{one}'; style-src 'self';" in response["Content-Security-Policy"]
    assert re.fullmatch(r"[\w-]{22}", one)


def test_no_two_requests_share_a_nonce() -> None:
    view = lambda request: HttpResponse(str(request.csp_nonce))  # noqa: E731
    assert answer(view).content != answer(view).content


def test_a_view_may_set_a_stricter_policy() -> None:
    strict = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    response = answer(lambda request: HttpResponse(headers=strict))
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/no-such-page/", "/admin/"])
def test_headers_of_every_kind_of_response(client: Client, path: str) -> None:
    UserFactory()
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
