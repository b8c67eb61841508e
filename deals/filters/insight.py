"""Filters that the numbers of forecast, funnel and slip history lead to: each finds exactly the deals
that were counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import day_bounds
from accounts.organisation import get_organisation
from core.filters import ListFilterSet, PickFilter, WordsFilter
from core.periods import Period, parse_period
from deals.constants import ForecastCategory, StageKind
from deals.models import CloseDateChange, DealLine, DealStageChange, Product, Stage

# How addresses write open deals outside of the periods: ``before-2026-10``, ``after-2027-03``, ``none``.
BEFORE, AFTER, UNDATED, BETWEEN = "before-", "after-", "none", ".."


def span(text: str) -> tuple[date, date] | None:
    """The days of a period's key, or from one to another: ``2026-10``, ``2026-q4..2027-q1``."""
    first, _between, last = text.partition(BETWEEN)
    start, end = _period(first), _period(last or first)
    return (start.start, end.end) if start and end and start.start < end.end else None


def _period(text: str) -> Period | None:
    return parse_period(text, fiscal_start=get_organisation().fiscal_year_start)


YES_NO = forms.Select(choices=[("", "—"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))])


def _alive(model: type[Model]) -> QuerySet:
    """What everybody who sees deals may choose from."""
    return model._base_manager.filter(deleted_at=None)


def _parts(model: type[Model]) -> QuerySet:
    """The rows of a deal, to be asked for within a query of deals the person may see."""
    return _alive(model).filter(deal=OuterRef("pk"))


class SpanField(forms.CharField):
    """Periods by their keys; what is none is refused."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        bare = text.removeprefix(BEFORE).removeprefix(AFTER)
        if text and text != UNDATED and span(bare) is None:
            raise ValidationError(_("This is not a period."), code="period")
        return text


class DueFilter(django_filters.CharFilter):
    """In the forecast of a period: open deals by their expected close, won ones by the day they were
    won. Before, after and without a day: open deals only."""

    field_class = SpanField

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        is_open = Q(status=StageKind.OPEN)
        if value == UNDATED:
            return qs.filter(is_open, expected_close_on=None)
        found = span(value.removeprefix(BEFORE).removeprefix(AFTER))
        assert found is not None  # the field has seen to it
        start, end = found
        if value.startswith(BEFORE):
            return qs.filter(is_open, expected_close_on__lt=start)
        if value.startswith(AFTER):
            return qs.filter(is_open, expected_close_on__gte=end)
        planned = is_open & Q(expected_close_on__gte=start, expected_close_on__lt=end)
        return qs.filter(planned | Q(status=StageKind.WON, closed_on__gte=start, closed_on__lt=end))


class ReachedFilter(PickFilter):
    """Deals that were ever in this stage or one further down its pipeline."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        for stage in value or ():
            further = Stage._base_manager.filter(pipeline=stage.pipeline_id, position__gte=stage.position)
            further = further.exclude(kind=StageKind.LOST)
            moves = _parts(DealStageChange).filter(to_stage__in=further.values("pk"))
            qs = qs.filter(Exists(moves))
        return qs


class EnteredFilter(PickFilter):
    """Deals that were ever in this stage itself."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        for stage in value or ():
            qs = qs.filter(Exists(_parts(DealStageChange).filter(to_stage=stage)))
        return qs


class ProductFilter(PickFilter):
    """Deals with a line of one of these products, or without any."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        lines = _parts(DealLine).filter(product__isnull=False)
        condition = Exists(lines.filter(product__in=[item.pk for item in value if item != "none"]))
        return qs.filter(condition | ~Exists(lines) if "none" in value else condition)


class PushedFilter(django_filters.CharFilter):
    """Deals whose expected close was moved later within a period."""

    field_class = SpanField

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        found = span(value) if value else None
        if found is None:
            return qs
        start, end = (day_bounds(day)[0] for day in found)
        moves = _parts(CloseDateChange).filter(at__gte=start, at__lt=end)
        return qs.filter(Exists(moves.filter(to_date__gt=F("from_date"))))


class PricedFilter(django_filters.BooleanFilter):
    """Whether the deal has an amount in the base currency."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        return qs if value is None else qs.filter(amount_base__isnull=not value)


class CountedFilter(django_filters.BooleanFilter):
    """What weighted forecasts count: everything but what somebody omitted."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        omitted = {"forecast_category": ForecastCategory.OMITTED}
        return qs if value is None else qs.exclude(**omitted) if value else qs.filter(**omitted)


class InsightFilters(ListFilterSet):
    """Part of the filters of the deal list."""

    due = DueFilter(label=gettext_lazy("In the forecast of"), widget=forms.HiddenInput())
    counted = CountedFilter(label=gettext_lazy("In weighted forecasts"), widget=YES_NO)
    reached = ReachedFilter(queryset=lambda request: _alive(Stage), label=gettext_lazy("Reached the stage"))
    entered = EnteredFilter(queryset=lambda request: _alive(Stage), label=gettext_lazy("Was in the stage"))
    product = ProductFilter(
        queryset=lambda request: _alive(Product),
        label=gettext_lazy("Product"),
        none_label=gettext_lazy("No product"),
    )
    industry = WordsFilter(field_name="customer__industry", label=gettext_lazy("Industry"))
    pushed = PushedFilter(label=gettext_lazy("Pushed back in"), widget=forms.HiddenInput())
    priced = PricedFilter(label=gettext_lazy("Counted in sums"), widget=YES_NO)
