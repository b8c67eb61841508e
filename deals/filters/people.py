"""Filters of the deal list that the pages round people, competitors and reviews lead to; and the filters
of their own lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ListFilterSet, PickFilter, WordsFilter
from deals.constants import CompetitorOutcome, Decided
from deals.models import Competitor
from deals.selectors.competition import rivals_of_deal
from deals.selectors.people import single_threaded
from deals.selectors.reviews import reviews_of_deal

YES_NO = forms.Select(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])


class SingleThreadFilter(django_filters.BooleanFilter):
    """Open deals on which one person or nobody is known."""

    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        return single_threaded(qs) if value else qs


class ReviewedFilter(django_filters.BooleanFilter):
    def filter(self, qs: QuerySet, value: bool | None) -> QuerySet:
        if value is None:
            return qs
        return qs.filter(Exists(reviews_of_deal()) if value else ~Exists(reviews_of_deal()))


class DecidedFilter(django_filters.MultipleChoiceFilter):
    """Deals whose review says that this decided."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(Exists(reviews_of_deal().filter(decided__in=value))) if value else qs


class CompetitorFilter(PickFilter):
    """Deals against one of these, ended as `competitor_outcome` says where that is asked too."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        rows = rivals_of_deal().filter(competitor__in=list(value))
        outcome = self.parent.data.get("competitor_outcome") if self.parent else ""
        if outcome in CompetitorOutcome.values:
            rows = rows.filter(outcome=outcome)
        return qs.filter(Exists(rows))


class OutcomeFilter(django_filters.ChoiceFilter):
    """How it ended with a competitor; with none chosen, with any."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        return qs.filter(Exists(rivals_of_deal().filter(outcome=value)))


class PeopleFilters(ListFilterSet):
    """Part of the filters of the deal list."""

    single_thread = SingleThreadFilter(label=_("One person or nobody knows us"), widget=forms.CheckboxInput())
    competitor = CompetitorFilter(
        label=_("Competitor"), queryset=lambda request: Competitor._base_manager.filter(deleted_at=None)
    )
    competitor_outcome = OutcomeFilter(label=_("Against competitors"), choices=CompetitorOutcome.choices)
    decided = DecidedFilter(label=_("What decided"), choices=Decided.choices, distinct=False)
    reviewed = ReviewedFilter(label=_("Has a review"), widget=YES_NO)


class CompetitorFilters(ListFilterSet):
    """The list is narrowed by its search only."""


class ObjectionFilters(ListFilterSet):
    category = WordsFilter(field_name="category", label=_("About"))


OBJECTION_GROUPS: list[tuple[Any, list[str]]] = [(_("What"), ["category"])]
