"""Keeping saved views: one default for each person and list, sharing only by those who may."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.models import SavedView


def save_view(view: SavedView, *, actor: Any) -> SavedView:
    """Store a view of the actor's own. A new default takes the place of the old one."""
    if view.owner_id != actor.pk:
        raise PermissionDenied
    if view.shared and not actor.has_perm("core.share_views"):
        stored = SavedView.objects.filter(pk=view.pk, shared=True).exists()
        if not stored:
            raise PermissionDenied
    with transaction.atomic():
        if view.is_default:
            others = SavedView.objects.filter(page=view.page, owner=actor, is_default=True)
            others.exclude(pk=view.pk).update(is_default=False)
        view.full_clean(exclude=["owner"])
        view.save()
    return view


def delete_view(view: SavedView, *, actor: Any) -> None:
    """Remove a view: its owner may, and an administrator may remove a shared one."""
    mine = view.owner_id == actor.pk
    if not mine and not (view.shared and actor.has_perm("accounts.administer")):
        raise PermissionDenied
    view.delete()
