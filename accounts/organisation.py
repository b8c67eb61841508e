"""The organisation's settings, read on every page and therefore cached."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation
from core import shared_cache

_KEY = "organisation"
_SECONDS = 60  # other processes with a cache of their own follow within a minute
shared_cache.read_on_every_page(_KEY)


def get_organisation() -> Organisation:
    """The one row, made with defaults where it does not exist yet."""
    found = shared_cache.get(_KEY)
    if found is None:
        found, _created = Organisation.objects.get_or_create(pk=1)
        shared_cache.set(_KEY, found, _SECONDS)
    return found


def forget_organisation() -> None:
    """Call after saving: now for this transaction, and again once others can read it."""
    shared_cache.delete(_KEY)
    transaction.on_commit(lambda: shared_cache.delete(_KEY))
