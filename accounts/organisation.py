"""The organisation's settings, read on every page and therefore cached."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from accounts.models import Organisation

_KEY = "organisation"
_SECONDS = 60  # other processes with a cache of their own follow within a minute


def get_organisation() -> Organisation:
    """The one row, made with defaults where it does not exist yet."""
    found = cache.get(_KEY)
    if found is None:
        found, _created = Organisation.objects.get_or_create(pk=1)
        cache.set(_KEY, found, _SECONDS)
    return found


def forget_organisation() -> None:
    """Call after saving: now for this transaction, and again once others can read it."""
    cache.delete(_KEY)
    transaction.on_commit(lambda: cache.delete(_KEY))
