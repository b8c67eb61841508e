"""What the page behind a signed link reads: the link stands for the permission."""

from __future__ import annotations

from django.db.models import QuerySet

from deals.models import ClosePlanStep, Deal


def shared_deal(pk: int) -> Deal | None:
    """The deal of a link, unless it was thrown away."""
    return Deal.objects.alive().filter(pk=pk).select_related("customer", "owner").first()


def steps_of(deal: Deal) -> QuerySet[ClosePlanStep]:
    steps = ClosePlanStep.objects.alive().filter(deal=deal)
    return steps.select_related("user", "contact").order_by("due_on", "pk")
