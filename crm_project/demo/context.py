"""Tells the pages of administrators whether this copy still holds sample data."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.constants import ADMINISTER
from crm_project.demo.seed import sample_data

# Pages that offer to remove it; elsewhere nothing is looked up.
PAGES = {"activities:today", "accounts:organisation"}


def demo(request: HttpRequest) -> dict[str, Any]:
    """`has_sample_data`: asked of the database only where a template of one of PAGES reads it."""
    match = request.resolver_match
    if match is None or match.view_name not in PAGES or not request.user.has_perm(ADMINISTER):
        return {}
    return {"has_sample_data": SimpleLazyObject(lambda: sample_data() is not None)}
