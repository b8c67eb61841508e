"""The columns of the deal list and of its exports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from accounts.organisation import get_organisation
from core.money import format_money, quantize
from core.tables import NULL, Column, Row, Sort, Table
from customers.models import Customer
from customers.tables import RESPONSIBLE, BaseMoneyColumn, custom_columns, sources
from deals.constants import DealKind, ForecastCategory, Period, StageKind
from deals.models import Deal, Stage

DEAL = "deals.deal"


def stages(rows: QuerySet) -> list[Any]:
    """Stages in the order of their pipelines."""
    found = Stage._base_manager.filter(deleted_at=None).order_by(
        "pipeline__position", "pipeline", "position", "pk"
    )
    return list(found.values_list("pk", flat=True))


def customers(pks: list[int], user: Any) -> dict[int, dict]:
    """The customer of each deal; somebody who may not see it is not told its name."""
    rows = Deal._base_manager.filter(pk__in=pks, customer__isnull=False)
    links = dict(rows.values_list("pk", "customer_id"))
    visible = Customer.objects.visible_to(user).filter(pk__in=set(links.values()))
    seen = dict(visible.values_list("pk", "name"))
    return {
        pk: {"label": seen[customer], "url": reverse("customers:customer_detail", args=[customer])}
        for pk, customer in links.items()
        if customer in seen
    }


def tags(pks: list[int], user: Any) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = defaultdict(list)
    rows = Deal.tags.through._base_manager.filter(deal_id__in=pks).order_by("tag__name")
    for pk, name, colour in rows.values_list("deal_id", "tag__name", "tag__colour"):
        found[pk].append({"label": name, "hue": colour})
    return found


class Named(Column):
    """A name from the catalogue: translated in the list, as stored in a file."""

    def html(self, row: Row) -> Any:
        value = self.raw(row)
        return gettext(value) if value else ""


class StageColumn(Column):
    """A badge in the list, the stage's own name in a file."""

    def plain(self, row: Row) -> Any:
        return row.get("stage__name")


class Rotting(Column):
    """Whether a deal rots today."""

    def raw(self, row: Row) -> Any:
        day: date | None = row.get("rots_on")
        return {"label": _("Rotting"), "hue": 6} if day is not None and day <= today() else None

    def plain(self, row: Row) -> Any:
        return int(self.raw(row) is not None)


def in_base(value: Decimal) -> str:
    """An amount in the organisation's currency."""
    base = get_organisation().base_currency
    return format_money(quantize(value, base), base)


def _stage(row: Row) -> dict[str, Any] | None:
    name = row.get("stage__name")
    return {"label": gettext(name), "hue": row.get("stage__colour", 0)} if name else None


def _weighted(row: Row) -> Decimal | None:
    amount = row.get("amount_base")
    return (
        None
        if amount is None
        else quantize(amount * row["probability"] / 100, get_organisation().base_currency)
    )


WEIGHTED = ExpressionWrapper(
    F("amount_base") * F("probability") / 100, DecimalField(max_digits=24, decimal_places=4)
)


def sum_in_base(rows: QuerySet) -> str:
    """The sum in the base currency, and how many amounts it leaves out for want of a rate."""
    return _told(rows, Sum("amount_base"))


def sum_weighted(rows: QuerySet) -> str:
    return _told(rows, Sum(WEIGHTED))


def _told(rows: QuerySet, total: Any) -> str:
    unpriced = Count("pk", filter=Q(amount__isnull=False, amount_base__isnull=True))
    found = rows.order_by().aggregate(total=total, unpriced=unpriced)
    parts = [] if found["total"] is None else [in_base(found["total"])]
    return " · ".join([*parts, *coverage(found["unpriced"])])


def coverage(unpriced: int) -> list[str]:
    """What a sum in the base currency leaves out, in words; nothing where it is whole."""
    if not unpriced:
        return []
    words = ngettext(
        "%(n)d deal without a rate is not in the sum",
        "%(n)d deals without a rate are not in the sum",
        unpriced,
    )
    return [words % {"n": unpriced}]


def deal_custom() -> Sequence[Column]:
    return custom_columns(DEAL)


BY_AMOUNT = Sort(("amount_base",), NULL, newest_first=True)

DEALS = Table(
    key="deals",
    default_sort="name",
    extra=deal_custom,
    columns=(
        Column(
            "name", _("Name"), ("name",), "link", Sort(("sort_name",)), default=True, url="deals:deal_detail"
        ),
        Column("external_id", _("Deal number"), ("external_id",)),
        Column("customer", _("Customer"), kind="link_to", load=customers, default=True),
        Named("pipeline", _("Pipeline"), ("pipeline__name",)),
        StageColumn(
            "stage",
            _("Stage"),
            ("stage__name", "stage__colour"),
            "badge",
            Sort(("stage", "sort_name"), groups=stages),
            default=True,
            value=_stage,
        ),
        Column("status", _("Status"), ("status",), "choice", choices=dict(StageKind.choices)),
        Column(
            "amount",
            _("Amount"),
            ("amount",),
            "money",
            BY_AMOUNT,
            default=True,
            total=True,
            currency="currency",
            edit="amount",
        ),
        Column("currency", _("Currency"), ("currency",)),
        BaseMoneyColumn(
            "amount_base",
            _("In base currency"),
            ("amount_base",),
            "money",
            BY_AMOUNT,
            total=True,
            sum=sum_in_base,
        ),
        Column("probability", _("Probability (%)"), ("probability",), "number", edit="probability"),
        BaseMoneyColumn(
            "weighted",
            _("Weighted"),
            ("amount_base", "probability"),
            "money",
            value=_weighted,
            default=True,
            total=True,
            sum=sum_weighted,
        ),
        Column(
            "recurring_amount",
            _("Recurring amount"),
            ("recurring_amount",),
            "money",
            total=True,
            currency="currency",
        ),
        Column(
            "recurring_period", _("Recurring"), ("recurring_period",), "choice", choices=dict(Period.choices)
        ),
        Column(
            "forecast_category",
            _("Forecast category"),
            ("forecast_category",),
            "choice",
            choices=dict(ForecastCategory.choices),
            edit="forecast_category",
        ),
        Column(
            "expected_close_on",
            _("Expected close"),
            ("expected_close_on",),
            "date",
            Sort(("expected_close_on",), NULL),
            default=True,
            edit="expected_close_on",
        ),
        Column(
            "closed_on", _("Closed on"), ("closed_on",), "date", Sort(("closed_on",), NULL, newest_first=True)
        ),
        *RESPONSIBLE,
        Column(
            "next_step_on",
            _("Next step on"),
            ("next_step_on",),
            "date",
            Sort(("next_step_on",), NULL),
            default=True,
        ),
        Column("next_step", _("Next step"), ("next_step",)),
        Column("last_activity_at", _("Last activity"), ("last_activity_at",), "date"),
        Rotting("rotting", _("Rotting"), ("rots_on",), "badge", Sort(("rots_on",), NULL)),
        Column("stage_since", _("In stage since"), ("stage_since",), "date"),
        Column("kind", _("Kind"), ("kind",), "choice", choices=dict(DealKind.choices), edit="kind"),
        Column(
            "source",
            _("Source"),
            ("source__name",),
            sort=Sort(("source", "sort_name"), NULL, groups=sources),
            edit="source",
        ),
        Column("campaign", _("Campaign"), ("campaign",), edit="campaign"),
        Named("lost_reason", _("Lost reason"), ("lost_reason__name",)),
        Column("lost_note", _("What happened"), ("lost_note",)),
        Column("tags", _("Tags"), kind="badges", load=tags),
        Column("description", _("Description"), ("description",)),
        Column("opened_on", _("Opened on"), ("opened_on",), "date", Sort(("opened_on",), newest_first=True)),
        Column("created_at", _("Created"), ("created_at",), "date", Sort(("created_at",), newest_first=True)),
        Column("updated_at", _("Updated"), ("updated_at",), "date", Sort(("updated_at",), newest_first=True)),
    ),
)
