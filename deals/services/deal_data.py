"""What deals know about a customer, and how they forget who it was.

Deals stay with their figures: forecasts, win rates and targets need them. Names and texts could name
the customer, so they go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

from core.changes import ChangeLog, label_of
from core.models import Change
from core.personal_data import register_eraser, register_source
from customers.selectors.retention import register_touch
from deals.models import Deal, DealStageChange
from deals.selectors.customer import last_dealt

STEP = 500
ERASED = _("Deal (erased)")


def register() -> None:
    """Called once when the app is ready."""
    register_source("customers.customer", "deals", gettext_lazy("Deals"), rows=_deals)
    register_source("customers.customer", "deal_moves", gettext_lazy("Moves of deals"), rows=_moves)
    register_eraser("customers.customer", forget)
    register_touch("deal", last_dealt)


def _deals(record: Any) -> Iterator[dict[str, Any]]:
    rows = Deal._base_manager.filter(customer=record).select_related(
        "stage", "pipeline", "lost_reason", "owner"
    )
    for row in rows.order_by("pk").iterator(STEP):
        yield {
            "name": row.name,
            "number": row.external_id,
            "pipeline": row.pipeline.name,
            "stage": row.stage.name,
            "amount": row.amount,
            "currency": row.currency,
            "opened_on": row.opened_on,
            "expected_close_on": row.expected_close_on,
            "closed_on": row.closed_on,
            "lost_reason": row.lost_reason.name if row.lost_reason else "",
            "lost_note": row.lost_note,
            "next_step": row.next_step,
            "description": row.description,
            "custom": row.custom,
            "owner": str(row.owner or ""),
            "in_trash_since": row.deleted_at,
        }


def _moves(record: Any) -> Iterator[dict[str, Any]]:
    rows = DealStageChange.objects.filter(deal__customer=record)
    for row in (
        rows.select_related("deal", "from_stage", "to_stage").order_by("deal", "at", "pk").iterator(STEP)
    ):
        yield {
            "deal": row.deal.name,
            "at": row.at,
            "from": row.from_stage.name if row.from_stage else "",
            "to": row.to_stage.name,
            "reason": row.reason,
        }


def forget(record: Any, log: ChangeLog) -> None:
    """Written past the log on purpose: it must not keep the values that are being erased."""
    ids = list(Deal._base_manager.filter(customer=record).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), STEP):
        chunk = ids[start : start + STEP]
        Deal._base_manager.filter(pk__in=chunk).update(
            name=ERASED,
            external_id="",
            description="",
            lost_note="",
            next_step="",
            campaign="",
            custom={},
            version=F("version") + 1,
            updated_at=timezone.now(),
        )
        DealStageChange._base_manager.filter(deal__in=chunk).update(reason="")
        label = label_of(Deal)
        Change.objects.filter(
            Q(model=label, object_id__in=chunk) | Q(root_model=label, root_id__in=chunk)
        ).delete()
    log.refresh_later(Deal, ids)
