"""The deals of one customer, for its page."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.utils.translation import gettext as _

from accounts.organisation import get_organisation
from core.money import format_money
from customers.models import Customer
from deals.constants import StageKind
from deals.models import Deal

IN_PANEL = 5


def deals_of(customer: Customer, user: Any) -> dict[str, Any]:
    """A few deals, open ones first, how many there are, and the sums of open and won ones."""
    rows = Deal.objects.visible_to(user).filter(customer=customer)
    first = Case(When(status=StageKind.OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    shown = rows.select_related("stage").order_by(
        first, F("expected_close_on").asc(nulls_last=True), F("closed_on").desc(nulls_last=True), "-pk"
    )
    open_, won = Q(status=StageKind.OPEN), Q(status=StageKind.WON)
    found = rows.order_by().aggregate(
        count=Count("pk"),
        open=Sum("amount_base", filter=open_),
        won=Sum("amount_base", filter=won),
        unpriced=Count("pk", filter=Q(open_ | won, amount__isnull=False, amount_base__isnull=True)),
    )
    base = get_organisation().base_currency
    labels = {"open": _("Open:"), "won": _("Won:")}
    return {
        "rows": shown[:IN_PANEL],
        "count": found["count"],
        "sums": [
            {"label": label, "value": format_money(found[name], base)}
            for name, label in labels.items()
            if found[name] is not None
        ],
        "unpriced": found["unpriced"],
    }


def last_dealt() -> Subquery:
    """When a deal of a customer that is not lost was last written: while there is business, nobody is
    proposed for erasure."""
    rows = Deal._base_manager.filter(customer=OuterRef("pk"), deleted_at=None).exclude(status=StageKind.LOST)
    return Subquery(rows.order_by("-updated_at", "-pk").values("updated_at")[:1])
