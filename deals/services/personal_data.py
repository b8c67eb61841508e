"""What sales know about a customer, and how they forget who it was.

Orders stay with their numbers and figures: the books need them. A text that stands in no order of
anybody else (a dedication, a note in a line) could name the customer, so it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.changes import ChangeLog, label_of
from core.models import Change
from core.personal_data import register_eraser, register_source
from customers.selectors.retention import register_touch
from deals.models import Order, OrderLine

STEP = 500


def register() -> None:
    """Called once when the app is ready."""
    register_source("customers.customer", "orders", gettext_lazy("Orders"), rows=_orders)
    register_source("customers.customer", "order_lines", gettext_lazy("Order lines"), rows=_lines)
    register_eraser("customers.customer", forget)
    register_touch("order", last_order)


def last_order() -> Subquery:
    """When a customer last ordered: while they do, they are not proposed for erasure."""
    orders = Order._base_manager.filter(customer=OuterRef("pk"), deleted_at=None)
    return Subquery(orders.order_by("-ordered_at", "-pk").values("ordered_at")[:1])


def _orders(record: Any) -> Iterator[dict[str, Any]]:
    for row in Order._base_manager.filter(customer=record).order_by("pk").iterator(STEP):
        yield {
            "number": row.number,
            "ordered_at": row.ordered_at,
            "total": row.total,
            "currency": row.currency,
            "is_return": row.is_return,
            "channel": row.channel,
            "in_trash_since": row.deleted_at,
        }


def _lines(record: Any) -> Iterator[dict[str, Any]]:
    rows = OrderLine.objects.filter(order__customer=record).select_related("order")
    for row in rows.order_by("order", "position").iterator(STEP):
        yield {
            "order": row.order.number,
            "line": row.position,
            "sku": row.sku,
            "product": row.description,
            "quantity": row.quantity,
            "unit_price": row.unit_price,
            "total": row.total,
        }


def forget(record: Any, log: ChangeLog) -> None:
    """Written past the log on purpose: it must not keep the values that are being erased."""
    orders = Order._base_manager.filter(customer=record)
    lines = OrderLine.objects.filter(order__customer=record)
    others = Order._base_manager.exclude(customer=record)
    for chunk in _chunks(_rare(orders, others, "channel")):
        rows = orders.filter(channel__in=chunk)
        rows.update(channel="", version=F("version") + 1, updated_at=timezone.now())
    for name in ("description", "sku"):
        texts = _rare(lines, OrderLine.objects.exclude(order__customer=record), name)
        for chunk in _chunks(texts):
            lines.filter(**{f"{name}__in": chunk}).update(**{name: ""})
    ids = list(orders.values_list("pk", flat=True))
    for start in range(0, len(ids), STEP):
        Change.objects.filter(model=label_of(Order), object_id__in=ids[start : start + STEP]).delete()


def _rare(mine: Any, others: Any, name: str) -> list[str]:
    """Texts that occur here and nowhere else."""
    texts = sorted(set(mine.exclude(**{name: ""}).order_by().values_list(name, flat=True)))
    shared: set[str] = set()
    for chunk in _chunks(texts):
        found = others.filter(**{f"{name}__in": chunk}).order_by().values_list(name, flat=True)
        shared.update(found.distinct())
    return [text for text in texts if text not in shared]


def _chunks(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), STEP):
        yield texts[start : start + STEP]
