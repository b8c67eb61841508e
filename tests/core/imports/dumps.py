"""Whole tables as text, to compare before and after."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

#: What an undo may leave different.
BOOKKEEPING = {"version", "updated_at"}
#: Kept by triggers: what counts is their sum, which tests of their own look at.
TOTALS = {"deals_dealtotal"}
APPS = ("customers", "deals", "activities")


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the business apps, links between tables too."""
    found: dict[str, list[dict[str, Any]]] = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if model._meta.db_table not in TOTALS:
                found[model._meta.db_table] = _rows(model)
    return found


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in BOOKKEEPING]
    if model._meta.auto_created:
        # A tag given again is a new link row with the same ends.
        names.remove("id")
    return list(model._base_manager.order_by(*names[:3]).values(*names))
