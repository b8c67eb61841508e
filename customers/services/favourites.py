"""Stars: private to the person, no history."""

from __future__ import annotations

from typing import Any

from customers.models import Contact, Customer, Favourite


def set_favourite(record: Customer | Contact, *, user: Any, starred: bool) -> None:
    """Star or unstar a record; safe to call twice."""
    link = {"user": user, str(record._meta.model_name): record}
    if starred:
        Favourite.objects.get_or_create(**link)
    else:
        Favourite.objects.filter(**link).delete()
