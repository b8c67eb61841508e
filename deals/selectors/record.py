"""What the record page of a deal shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.db.models import Avg, Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext as _

from accounts.clock import today
from accounts.organisation import get_organisation
from core.money import format_money
from customers.models import Customer
from customers.selectors.record import days_between
from deals.constants import StageKind
from deals.models import Deal, DealFavourite, DealStageChange, Stage
from deals.selectors.people import known

USUAL_SECONDS = 600  # how long what is usual is kept in the cache
SAMPLE = 5_000
FEWEST = 3  # fewer moves or deals say nothing about what is usual


def deal_rows(user: Any) -> QuerySet[Deal]:
    """Deals with what the page's header needs, and whether this person may edit."""
    return Deal.objects.select_related(
        "owner", "team", "stage", "pipeline", "source", "lost_reason"
    ).annotate(
        starred=Exists(DealFavourite.objects.filter(user=user, deal=OuterRef("pk"))),
        editable=Exists(Deal.objects.editable_by(user).order_by().filter(pk=OuterRef("pk"))),
    )


def customer_of(deal: Deal, user: Any) -> Customer | None:
    """The customer, for somebody who may see it."""
    return Customer.objects.visible_to(user).filter(pk=deal.customer_id or 0).first()


def stage_path(deal: Deal, url: str = "") -> list[dict[str, Any]]:
    """The stages of the deal's pipeline as the component wants them; with a url each moves there."""
    stages = list(
        Stage._base_manager.filter(pipeline=deal.pipeline_id, deleted_at=None).order_by("position", "pk")
    )
    position = next((i for i, stage in enumerate(stages) if stage.pk == deal.stage_id), 0)
    path = []
    for index, stage in enumerate(stages):
        passed = index < position and deal.status != StageKind.LOST
        state = "current" if index == position else "done" if passed else "todo"
        path.append(
            {
                "pk": stage.pk,
                "label": str(stage),
                "state": state,
                "kind": stage.kind,
                "url": url,
                "note": gettext(stage.guidance) if stage.guidance else "",
            }
        )
    return path


def highlights(deal: Deal) -> list[dict[str, Any]]:
    """The five facts of a deal: what it is worth, how likely, when, what comes next, how it lies."""
    return [_amount(deal), _chance(deal), _close(deal), _next(deal), _in_stage(deal)]


def _amount(deal: Deal) -> dict[str, Any]:
    base = get_organisation().base_currency
    note = ""
    if deal.amount is not None and deal.currency != base:
        if deal.amount_base is None:
            note = _("no rate to %(base)s") % {"base": base}
        else:
            note = format_money(deal.amount_base, base)
    value = "" if deal.amount is None else format_money(deal.amount, deal.currency)
    return {"label": _("Amount"), "value": value, "note": note}


def _chance(deal: Deal) -> dict[str, Any]:
    if deal.status != StageKind.OPEN:
        return {
            "label": _("Outcome"),
            "value": deal.get_status_display(),
            "note": str(deal.lost_reason or ""),
        }
    note = "" if deal.weighted is None else format_money(deal.weighted, deal.currency)
    return {"label": _("Probability"), "value": f"{deal.probability} %", "note": note}


def _close(deal: Deal) -> dict[str, Any]:
    if deal.closed_on:
        days = (deal.closed_on - deal.opened_on).days
        note = ngettext("after %(n)d day", "after %(n)d days", days) % {"n": days} if days >= 0 else ""
        return {"label": _("Closed on"), "value": deal.closed_on, "note": note}
    found: dict[str, Any] = {"label": _("Expected close"), "value": deal.expected_close_on}
    if deal.expected_close_on and deal.expected_close_on < today():
        found |= {"note": _("the day has passed"), "tone": "bad"}
    return found


def _next(deal: Deal) -> dict[str, Any]:
    if not deal.next_step_on:
        missing = {"note": _("nothing is planned"), "tone": "bad"} if deal.is_open else {}
        return {"label": _("Next step"), "value": "", **missing}
    late = {"tone": "bad"} if deal.next_step_on < today() else {}
    return {"label": _("Next step"), "value": deal.next_step, "on": deal.next_step_on, **late}


def _in_stage(deal: Deal) -> dict[str, Any]:
    days = days_between(deal.stage_since, timezone.now())
    value = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    rotting = {"note": _("rotting"), "tone": "bad"} if is_rotting(deal) else {}
    return {"label": _("In this stage"), "value": value, **rotting}


def is_rotting(deal: Deal, day: date | None = None) -> bool:
    return deal.rots_on is not None and deal.rots_on <= (day or today())


@dataclass(frozen=True)
class Insight:
    """How the deal compares: days in stage and amount against what is usual, and the last touch."""

    days: int
    usual: int | None
    moves: int
    quiet_days: int | None
    amount_share: int | None  # percent of the average won amount of the pipeline
    won: int
    pushes: int  # how often the close date was moved back
    people: int  # who have a say, as far as we know them

    @property
    def slow(self) -> bool:
        return self.usual is not None and self.days > 2 * max(self.usual, 1)


def insight_of(deal: Deal) -> Insight:
    now = timezone.now()
    usual, moves = usual_days(deal.stage_id)
    average, won = usual_amount(deal.pipeline_id)
    touch = deal.last_activity_at
    share = None
    if deal.amount_base is not None and average:
        share = round(deal.amount_base / average * 100)
    return Insight(
        days=days_between(deal.stage_since, now),
        usual=usual,
        moves=moves,
        quiet_days=days_between(touch, now) if touch else None,
        amount_share=share,
        won=won,
        pushes=sum(
            1
            for before, after in deal.close_date_changes.values_list("from_date", "to_date")
            if before and after and after > before
        ),
        people=known().filter(deal=deal).count(),
    )


def usual_days(stage_id: int) -> tuple[int | None, int]:
    """The median days deals spent in a stage before they left it, and of how many moves. Over
    everybody's deals: it is a property of the stage, and names nobody."""
    key = f"deal-stage-median:{stage_id}"
    found = cache.get(key)
    if found is None:
        rows = DealStageChange.objects.filter(from_stage=stage_id, seconds__isnull=False).order_by(
            "-at", "-pk"
        )
        seconds = sorted(rows.values_list("seconds", flat=True)[:SAMPLE])
        middle = len(seconds) // 2
        median = (seconds[middle] + seconds[-middle - 1]) / 2 if len(seconds) >= FEWEST else None
        days = None if median is None else round(median / timedelta(days=1).total_seconds())
        found = days, len(seconds)
        cache.set(key, found, USUAL_SECONDS)
    return found


def usual_amount(pipeline_id: int) -> tuple[Decimal | None, int]:
    """What a won deal of the pipeline was worth on average in the last year, and of how many."""
    key = f"deal-won-average:{pipeline_id}"
    found = cache.get(key)
    if found is None:
        won = Deal.objects.alive().filter(
            pipeline=pipeline_id,
            status=StageKind.WON,
            amount_base__isnull=False,
            closed_on__gte=today() - timedelta(days=365),
        )
        row = won.aggregate(average=Avg("amount_base"), n=Count("pk"))
        found = (row["average"] if row["n"] >= FEWEST else None), row["n"]
        cache.set(key, found, USUAL_SECONDS)
    return found


def deal_choices(user: Any, text: str, *, customer: int | None = None, limit: int = 20) -> list[Deal]:
    """What a searched choice of deals offers: open ones first."""
    rows = Deal.objects.visible_to(user)
    if customer is not None:
        rows = rows.filter(customer=customer)
    if text:
        rows = rows.search(text)
    return list(rows.select_related("stage").order_by("-updated_at", "-pk")[:limit])
