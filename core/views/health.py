"""Health pages for load balancers and monitoring; they tell no secrets and need no log-in."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.health import readiness


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything a request needs answers; 503 names the part that does not."""
    report = readiness()
    return JsonResponse(report.as_json(), status=200 if report.ready else 503)
