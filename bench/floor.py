"""The floor: what a page of 25 rows costs when it does nothing else."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from customers.models import Customer


def floor(request: HttpRequest) -> HttpResponse:
    """One query, 25 rows, a plain template; no log-in, no visibility, no navigation."""
    rows = Customer._base_manager.order_by("pk")[:25]
    return HttpResponse(get_template("bench/floor.html").render({"rows": rows}))
