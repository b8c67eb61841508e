"""The fields a stage asks for before a deal may enter it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core import custom_values
from core.changes import stored_field
from core.display import label_of_field
from deals.models import Deal

CUSTOM = "custom."
#: What a stage may ask for; custom fields are named "custom.<key>".
REQUIRABLE = (
    "customer",
    "amount",
    "expected_close_on",
    "recurring_amount",
    "owner",
    "source",
    "campaign",
    "description",
    "next_step_on",
)


def requirable() -> list[tuple[str, str]]:
    """Every field a stage may ask for, with its label."""
    custom = custom_values.definitions("deals.deal")
    return [
        *((name, label_of_field(Deal, name)) for name in REQUIRABLE),
        *((f"{CUSTOM}{item.key}", item.label) for item in custom),
    ]


def missing_fields(deal: Deal, values: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Those among `names` that stay empty if `values` are set; fields that exist no more do not count."""
    known = dict(requirable()).keys()
    return [name for name in names if name in known and _value(deal, values, name) in (None, "", [])]


def labels(names: Iterable[str]) -> list[str]:
    known = dict(requirable())
    return [known.get(name, name) for name in names]


def _value(deal: Deal, values: Mapping[str, Any], name: str) -> Any:
    if name.startswith(CUSTOM):
        return (values.get("custom", deal.custom) or {}).get(name.removeprefix(CUSTOM))
    return values[name] if name in values else getattr(deal, stored_field(Deal, name).attname)
