"""Filters of list pages: django-filter, made to cost nothing when unused and to forgive bad input.

A filter that is not in the address is never built. A value that makes no sense is left out and
named in `ignored`, so that the page says so instead of failing or silently showing something else.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.zones import day_start

RELATIVE: dict[str, Any] = {
    "today": _("Today"),
    "last_7": _("Last 7 days"),
    "last_30": _("Last 30 days"),
    "last_90": _("Last 90 days"),
    "last_365": _("Last 365 days"),
    "this_month": _("This month"),
    "this_year": _("This year"),
    "not_30": _("Not in the last 30 days"),
    "not_90": _("Not in the last 90 days"),
    "never": _("Never"),
    "ever": _("At any time"),
    "overdue": _("Before today"),
    "next_7": _("Next 7 days"),
}
PAST = ("today", "last_7", "last_30", "last_90", "this_month", "this_year")
PAST_OR_NEVER = (*PAST, "not_30", "not_90", "never")
FUTURE = ("overdue", "today", "next_7", "this_month", "never")
MAX_VALUES = 100
LONGEST_VALUE = 200


def relative_range(name: str, today: date) -> tuple[date | None, date | None]:
    """The half-open range [start, end) of days a relative name stands for."""
    tomorrow = today + timedelta(days=1)
    if name.startswith("last_"):
        return tomorrow - timedelta(days=int(name[5:])), tomorrow
    if name == "next_7":
        return today, today + timedelta(days=7)
    if name == "this_month":
        first = today.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1)
    if name == "this_year":
        return date(today.year, 1, 1), date(today.year + 1, 1, 1)
    if name == "overdue":
        return None, today
    return today, tomorrow


class DayFilter(django_filters.ChoiceFilter):
    """A relative range of days on a date or a date-time column."""

    def __init__(self, *args: Any, names: Iterable[str] = PAST, moments: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [(name, RELATIVE[name]) for name in names])
        kwargs.setdefault("empty_label", _("Any time"))
        self.moments = moments
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        name = self.field_name
        if value == "never":
            return qs.filter(**{f"{name}__isnull": True})
        if value == "ever":
            return qs.filter(**{f"{name}__isnull": False})
        today = self.parent.today
        if value.startswith("not_"):
            limit = self._bound(today - timedelta(days=int(value[4:])))
            return qs.filter(Q(**{f"{name}__lt": limit}) | Q(**{f"{name}__isnull": True}))
        start, end = relative_range(value, today)
        if start:
            qs = qs.filter(**{f"{name}__gte": self._bound(start)})
        return qs.filter(**{f"{name}__lt": self._bound(end)}) if end else qs

    def _bound(self, day: date | None) -> Any:
        return day_start(day) if self.moments and day else day


class BoundFilter(django_filters.DateFilter):
    """From or until a day, both included."""

    def __init__(self, *args: Any, until: bool = False, moments: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}))
        self.until, self.moments = until, moments
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        if value is None or value.year > 9998:
            return qs
        day = value + timedelta(days=1) if self.until else value
        lookup = "lt" if self.until else "gte"
        return qs.filter(**{f"{self.field_name}__{lookup}": day_start(day) if self.moments else day})


def day_filters(
    key: str, field: str, label: Any, *, names: Iterable[str] = PAST, moments: bool = True
) -> dict[str, Any]:
    """The three filters of a date column: relative, from, until."""
    return {
        key: DayFilter(field_name=field, label=label, names=names, moments=moments),
        f"{key}_from": BoundFilter(field_name=field, label=_("From"), moments=moments),
        f"{key}_to": BoundFilter(field_name=field, label=_("Until"), until=True, moments=moments),
    }


class SmallNumberFilter(django_filters.NumberFilter):
    """A number that fits the column: an absurd one is an error, not a database exception."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs = {"min_value": -(10**15), "max_value": 10**15, **kwargs}
        super().__init__(*args, **kwargs)

    def get_max_validator(self) -> None:
        return None


class PickField(django_filters.fields.ModelMultipleChoiceField):
    """An id no database holds is an unknown choice, not an error of the driver."""

    def _check_values(self, value: Any) -> Any:
        for one in value:
            text = str(one)
            if text != "none" and not (text.isascii() and text.isdigit() and len(text) < 19):
                raise forms.ValidationError(self.error_messages["invalid_pk_value"], params={"pk": text[:40]})
        return super()._check_values(value)


class PickFilter(django_filters.ModelMultipleChoiceFilter):
    """Any of several related rows, or none at all ("none"). `through` (model, row, value) names the
    link table of a many-to-many relation, asked by a subquery so that no row comes twice."""

    field_class = PickField

    def __init__(self, *args: Any, none_label: Any = None, through: Any = None, **kwargs: Any) -> None:
        self.through = through
        if none_label:
            kwargs |= {"null_label": none_label, "null_value": "none"}
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if not value:
            return qs
        keys = [item.pk for item in value if item != "none"]
        if self.through:
            model, row, other = self.through
            links = model._base_manager.filter(**{f"{other}__in": keys})
            condition = Q(pk__in=links.values(row))
            nothing = ~Q(pk__in=model._base_manager.values(row))
        else:
            condition = Q(**{f"{self.field_name}__in": keys})
            nothing = Q(**{f"{self.field_name}__isnull": True})
        if "none" in value:
            condition = condition | nothing if keys else nothing
        return qs.filter(condition)


class WordsFilter(django_filters.MultipleChoiceFilter):
    """Any of several texts of a column; the panel offers those in use."""

    field_class = django_filters.fields.MultipleChoiceField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=(), **kwargs)

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__in": value}) if value else qs

    @property
    def field(self) -> forms.Field:
        if not hasattr(self, "_field"):
            used = self.parent.used_values(self.field_name) if self.parent.for_panel else []
            asked = self.parent.data.getlist(self.param) if self.parent.data else []
            values = sorted(
                {*used, *(v for v in asked[:MAX_VALUES] if 0 < len(v) <= LONGEST_VALUE and "\x00" not in v)}
            )
            field_kwargs = self.extra | {"choices": [(v, v) for v in values], "required": False}
            self._field = django_filters.fields.MultipleChoiceField(label=self.label, **field_kwargs)
        return self._field


@dataclass(frozen=True)
class Chip:
    """One active filter as the page shows it."""

    label: str
    value: str
    remove_url: str


class ListFilterSet(django_filters.FilterSet):
    """Base of the filters of all lists.

    `only_used` builds just the filters named in `data`; the panel builds all of them.
    """

    def __init__(
        self,
        data: QueryDict,
        queryset: QuerySet,
        *,
        user: Any,
        today: date,
        for_panel: bool = False,
    ) -> None:
        self.user, self.today, self.for_panel, self.data = user, today, for_panel, data
        every = {**type(self).base_filters, **self.extra_filters()}
        used = {key: value for key, value in every.items() if for_panel or key in data}
        self.is_bound = True
        self.queryset = queryset
        self.request, self.form_prefix, self._prefix = None, None, None
        self.filters = copy.deepcopy(used)
        for key, item in self.filters.items():
            item.parent, item.model, item.param = self, queryset.model, key
        self.ignored: list[str] = []

    def extra_filters(self) -> dict[str, django_filters.Filter]:
        """Filters known only at run time: custom fields."""
        return {}

    @classmethod
    def names(cls) -> set[str]:
        return set(cls.base_filters)

    def used_values(self, field: str) -> list[str]:
        """Texts in use in this column, among the rows this person may see."""
        rows = self.queryset.exclude(**{field: ""}).order_by(field)
        texts = rows.values_list(field, flat=True).distinct()[:300]
        # Beyond a foreign key there may be no row, and so no text.
        return [text for text in texts if text]

    def apply(self) -> QuerySet:
        """The rows that pass; `ignored` names what could not be understood."""
        if not self.filters:
            return self.queryset
        self.form.is_valid()
        self.ignored += [
            str(self.filters[name].label or name) for name in self.form.errors if name in self.filters
        ]
        rows = self.queryset
        for name, value in self.form.cleaned_data.items():
            rows = self.filters[name].filter(rows, value)
        return rows

    def chips(self, url_without: Callable[[str], str]) -> list[Chip]:
        """What is active, in words, each with the address that takes it off."""
        found = []
        for name, value in self.form.cleaned_data.items() if self.filters else ():
            text = self._words(name, value)
            if text:
                found.append(Chip(str(self._label(name)), text, url_without(name)))
        return found

    def _label(self, name: str) -> Any:
        item = self.filters[name]
        if isinstance(item, BoundFilter):
            whole = {**type(self).base_filters, **self.filters}.get(name.rsplit("_", 1)[0])
            return f"{whole.label} ({str(item.label).lower()})" if whole else item.label
        return item.label or name

    def _words(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if value is False:
            # An empty checkbox narrows nothing; a chosen "No" does.
            return "" if isinstance(self.form.fields[name].widget, forms.CheckboxInput) else str(_("No"))
        if value is True:
            return str(_("Yes"))
        if isinstance(value, QuerySet | list | tuple):
            return ", ".join(self._word(name, item) for item in value)
        return self._word(name, value)

    def _word(self, name: str, value: Any) -> str:
        if isinstance(value, Model | date):
            return str(value)
        choices = getattr(self.form.fields[name], "choices", None)
        if choices is not None and not isinstance(self.filters[name], PickFilter):
            for key, label in choices:
                if str(key) == str(value):
                    return str(label)
        if value == "none":
            return str(self.filters[name].extra.get("null_label", value))
        return str(value)


def panel_groups(
    fields: Mapping[str, Any], groups: list[tuple[Any, list[str]]]
) -> list[tuple[Any, list[Any]]]:
    """The panel's fields under their headings; what no group names comes last."""
    named = {name for _title, names in groups for name in names}
    found = [(title, [fields[n] for n in names if n in fields]) for title, names in groups]
    rest = [field for name, field in fields.items() if name not in named]
    return [(title, items) for title, items in [*found, (_("Further fields"), rest)] if items]
