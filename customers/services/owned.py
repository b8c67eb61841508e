"""Columns of a customer that higher apps compute. They are not edits: no version, no history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.models import Record
from customers.models import Contact, Customer


def write_owned(customer_id: int, **values: Any) -> None:
    """Set owned columns of one customer, and only those."""
    unknown = values.keys() - Customer.OWNED
    if unknown:
        raise ValueError(f"not owned columns: {sorted(unknown)}")
    Customer._base_manager.filter(pk=customer_id).update(**values)


def write_owned_many(rows: Mapping[int, Mapping[str, Any]]) -> int:
    """Set owned columns of many customers that all name the same ones; returns how many differed."""
    return _write_many(Customer, rows, Customer.OWNED)


def write_last_contacted(rows: Mapping[int, datetime | None]) -> int:
    """Set when each contact was last in touch; returns how many differed."""
    values = {pk: {"last_contacted_at": at} for pk, at in rows.items()}
    return _write_many(Contact, values, frozenset({"last_contacted_at"}))


def _write_many(model: type[Record], rows: Mapping[int, Mapping[str, Any]], allowed: frozenset[str]) -> int:
    names = sorted({name for values in rows.values() for name in values})
    if unknown := set(names) - allowed:
        raise ValueError(f"not owned columns: {sorted(unknown)}")
    changed = []
    for row in model._base_manager.filter(pk__in=rows).only("pk", *names):
        if any(getattr(row, name) != value for name, value in rows[row.pk].items()):
            for name, value in rows[row.pk].items():
                setattr(row, name, value)
            changed.append(row)
    if changed:
        model._base_manager.bulk_update(changed, names, batch_size=200)
    return len(changed)
