"""What the deal list can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.filters import DayFilter, PickFilter, SmallNumberFilter, WordsFilter, day_filters
from customers.filters import OwnedFilters
from customers.models import Source, Tag
from deals.constants import DealKind, ForecastCategory, StageKind
from deals.filters.insight import InsightFilters
from deals.filters.orders import CustomerFilter
from deals.filters.people import PeopleFilters
from deals.models import Deal, LostReason, Pipeline, Stage
from deals.quarters import QUARTERS, quarter
from deals.tables.deals import DEAL

CLOSES = ("overdue", "next_7", "this_month", "never")
CLOSED = ("last_30", "this_month", "this_year")
YES_NO = forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])


class ClosingFilter(DayFilter):
    """Days that go by quarters of the organisation's fiscal year too."""

    def __init__(self, *args: Any, names: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, names=names, moments=False, **kwargs)
        self.extra["choices"] = [*self.extra["choices"], *QUARTERS.items()]

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if value not in QUARTERS:
            return super().filter(qs, value)
        start, end = quarter(self.parent.today, list(QUARTERS).index(value) - 1)
        return qs.filter(**{f"{self.field_name}__gte": start, f"{self.field_name}__lt": end})


class RottingFilter(django_filters.BooleanFilter):
    """Open deals on which nothing has happened for too long."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if value is None:
            return qs
        rotting = {"rots_on__lte": self.parent.today}
        return qs.filter(**rotting) if value else qs.exclude(**rotting)


class NoStepFilter(django_filters.BooleanFilter):
    """Open deals nobody has planned anything for."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if value is None:
            return qs
        return qs.filter(status=StageKind.OPEN, next_step_on__isnull=value)


class WaitingFilter(django_filters.BooleanFilter):
    """Open deals that rot or for which nothing is planned."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if not value:
            return qs
        return qs.filter(
            Q(rots_on__lte=self.parent.today) | Q(next_step_on__isnull=True), status=StageKind.OPEN
        )


class NoRateFilter(django_filters.BooleanFilter):
    """Deals with an amount that no rate turns into the base currency: what sums leave out."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        return qs if value is None else qs.filter(amount__isnull=False, amount_base__isnull=value)


class ReasonFilter(PickFilter):
    """Lost for a reason or for one that is part of it."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        children = LostReason._base_manager.filter(parent__in=[item.pk for item in value if item != "none"])
        return super().filter(qs, [*value, *children])


class DealFilters(InsightFilters, PeopleFilters, OwnedFilters):
    custom_model = DEAL

    customer = CustomerFilter(label=_("Customer"), widget=forms.HiddenInput())
    pipeline = PickFilter(
        field_name="pipeline", label=_("Pipeline"), queryset=lambda request: _alive(Pipeline)
    )
    stage = PickFilter(field_name="stage", label=_("Stage"), queryset=lambda request: _alive(Stage))
    status = django_filters.MultipleChoiceFilter(label=_("Status"), choices=StageKind.choices, distinct=False)
    kind = django_filters.MultipleChoiceFilter(label=_("Kind"), choices=DealKind.choices, distinct=False)
    category = django_filters.MultipleChoiceFilter(
        field_name="forecast_category",
        label=_("Forecast category"),
        choices=ForecastCategory.choices,
        distinct=False,
    )
    close, close_from, close_to = (
        ClosingFilter(field_name="expected_close_on", label=_("Expected close"), names=CLOSES),
        *list(day_filters("close", "expected_close_on", _("Expected close"), moments=False).values())[1:],
    )
    closed, closed_from, closed_to = (
        ClosingFilter(field_name="closed_on", label=pgettext_lazy("deal", "Closed"), names=CLOSED),
        *list(day_filters("closed", "closed_on", _("Closed"), moments=False).values())[1:],
    )
    opened, opened_from, opened_to = day_filters("opened", "opened_on", _("Opened"), moments=False).values()
    amount_min = SmallNumberFilter(
        field_name="amount_base", lookup_expr="gte", label=_("Amount in base currency from")
    )
    amount_max = SmallNumberFilter(
        field_name="amount_base", lookup_expr="lte", label=_("Amount in base currency to")
    )
    currency = WordsFilter(field_name="currency", label=_("Currency"))
    no_rate = NoRateFilter(label=_("Without an exchange rate"), widget=YES_NO)
    rotting = RottingFilter(label=_("Rotting"), widget=YES_NO)
    no_step = NoStepFilter(label=_("Without a next step"), widget=YES_NO)
    waiting = WaitingFilter(label=_("To move on"), widget=forms.CheckboxInput())
    next_step = DayFilter(
        field_name="next_step_on",
        label=_("Next step"),
        names=("overdue", "today", "next_7", "this_month", "never"),
        moments=False,
    )
    last_contacted = None  # type: ignore[assignment]  # of a deal it is the last activity
    last_activity = DayFilter(
        field_name="last_activity_at",
        label=_("Last activity"),
        names=("last_7", "last_30", "not_30", "never"),
    )
    source = PickFilter(
        field_name="source", label=_("Source"), queryset=Source.objects.all(), none_label=_("No source")
    )
    lost_reason = ReasonFilter(
        field_name="lost_reason",
        label=_("Lost reason"),
        queryset=lambda request: _alive(LostReason),
        none_label=_("No reason"),
    )
    tags = PickFilter(
        field_name="tags", label=_("Tags"), queryset=Tag.objects.all(), none_label=_("No tags"),
        through=(Deal.tags.through, "deal_id", "tag"),
    )  # fmt: skip


def _alive(model: type[Pipeline] | type[Stage] | type[LostReason]) -> QuerySet:
    """What everybody who sees deals may choose from."""
    return model._base_manager.filter(deleted_at=None)


GROUPS: list[tuple[Any, list[str]]] = [
    (_("Whose"), ["mine", "owner", "team", "customer", "tags"]),
    (
        _("Where it stands"),
        [
            "pipeline",
            "stage",
            "status",
            "category",
            "waiting",
            "rotting",
            "no_step",
            "next_step",
            "single_thread",
        ],
    ),
    (
        _("When"),
        [
            "close",
            "close_from",
            "close_to",
            "closed",
            "closed_from",
            "closed_to",
            "opened",
            "opened_from",
            "opened_to",
            "created",
            "created_from",
            "created_to",
            "updated",
            "last_activity",
        ],
    ),
    (_("How much"), ["amount_min", "amount_max", "currency", "no_rate", "priced", "counted"]),
    (_("What it is"), ["kind", "source", "product", "industry", "lost_reason", "reached", "entered"]),
    (_("Win and loss"), ["competitor", "competitor_outcome", "decided", "reviewed"]),
]
