"""Stars: private to the person, no history."""

from __future__ import annotations

from typing import Any

from deals.models import Deal, DealFavourite


def set_favourite(deal: Deal, *, user: Any, starred: bool) -> None:
    """Star or unstar a deal; safe to call twice."""
    if starred:
        DealFavourite.objects.get_or_create(user=user, deal=deal)
    else:
        DealFavourite.objects.filter(user=user, deal=deal).delete()
