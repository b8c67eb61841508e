"""Forms of business records: what they offer, the person who fills them in may see."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import custom_values
from core.changes import label_of
from core.exceptions import RuleViolation
from core.models import Record

# So many rows of a large choice stand in the page: recent ones, for a start without typing.
OFFERED = 20


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SearchSelect(forms.Select):
    """A select whose options are searched on the server; see static/js/combobox.js."""

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), source: str = "") -> None:
        super().__init__(attrs, choices)
        self.source = source

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        select = super().render(name, value, attrs, renderer)
        context = {"select": select, "source": reverse(self.source), "typed_name": f"{name}-typed"}
        return render_to_string("core/widgets/search_select.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Without script a name can be typed under the select."""
        value = super().value_from_datadict(data, files, name)
        return value or (TypedName(data[f"{name}-typed"]) if data.get(f"{name}-typed") else value)


class SearchMany(forms.SelectMultiple):
    """A choice of several that is searched in the page; see static/js/combobox-many.js."""

    template_name = "core/widgets/search_many.html"


class TypedName(str):
    """A name somebody typed because the select could not search."""

    __slots__ = ()


class SearchChoiceField(forms.ModelChoiceField):
    """A choice among very many records: only the chosen and some recent ones are rendered."""

    widget = SearchSelect

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, TypedName):
            return super().to_python(value)
        found = list(self.queryset.search(value)[:5])  # type: ignore[union-attr]
        same = [row for row in found if str(row).casefold() == value.strip().casefold()]
        if len(same) == 1 or len(found) == 1:
            return (same or found)[0]
        if not found:
            raise ValidationError(_("Nothing is called “%s”.") % value, code="typed")
        names = ", ".join(str(row) for row in found)
        raise ValidationError(_("Several fit. Type one of these in full: %s") % names, code="typed")

    def offer(self, chosen: Any, recent: Callable[[], list[Any]]) -> None:
        """Render the chosen row and a few recent ones, which are read when (and if) it is drawn."""

        @cache
        def choices() -> list[tuple[Any, str]]:
            pk, rows = getattr(chosen, "pk", chosen), recent()
            if pk and not any(str(row.pk) == str(pk) for row in rows) and str(pk).isdigit():
                queryset: Any = self.queryset
                rows = [*named(queryset).filter(pk=pk), *rows]
            return [("", "–"), *((row.pk, str(row)) for row in rows)]

        self.widget.choices = choices  # type: ignore[assignment]  # Django calls it; not in the stubs


class Choices(ModelChoiceIterator):
    """Reads the names of its rows once; Django's opens a cursor on the server at each reading."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self._rows

    @cached_property
    def _rows(self) -> list[tuple[Any, Any]]:
        return [self.choice(row) for row in named(self.queryset)]


class RecordForm(forms.ModelForm):
    """A ModelForm for one person. `only` keeps some of its fields (inline edit of a group).

    * every choice of records is cut down to what the person may see; a field whose present value
      they may not see is left out, so that it is neither shown nor lost;
    * `searched` names the choices too large to render, with the URL name that searches them;
    * custom fields are appended as `custom__<key>`;
    * `values()` is what the service is given: only what was changed.
    """

    searched: dict[str, str] = {}

    def __init__(
        self, *args: Any, user: Any, only: Iterable[str] | None = None, custom: bool = True, **kwargs: Any
    ) -> None:
        # The form works on a copy: the service must find the record as it is.
        kwargs["instance"] = copy.copy(kwargs.get("instance")) or self._meta.model()
        super().__init__(*args, **kwargs)
        self.user = user
        self.custom_fields: dict[str, Any] = {}
        self._recent: dict[type[Model], list[Any]] = {}
        if custom and hasattr(self._meta.model, "custom"):
            self._add_custom()
        if only is not None:
            self._keep(set(only))
        for name in list(self.fields):
            self._restrict(name)
        if self.instance.pk and isinstance(self.instance, Record):
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=self.instance.version
            )

    def values(self) -> dict[str, Any]:
        """The changed fields and their cleaned values; for a new record every filled field."""
        changed = set(self.changed_data) - {"version"}
        names = changed if self.instance.pk else set(self.fields) - {"version"}
        values = {n: self.cleaned_data[n] for n in names & self.cleaned_data.keys() if n in self._own()}
        custom = {
            definition.key: custom_values.to_json(definition, self.cleaned_data.get(name))
            for name, definition in self.custom_fields.items()
            if name in names
        }
        if custom:
            values["custom"] = custom_values.merged(self.instance.custom or {}, custom)
        return values

    @property
    def version(self) -> int | None:
        return self.cleaned_data.get("version")

    def add_errors_of(self, error: RuleViolation | ValidationError) -> None:
        """Show what a service refused beside the field it belongs to."""
        if isinstance(error, RuleViolation):
            self.add_error(error.field if error.field in self.fields else None, error.message)
        elif hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
        else:
            self.add_error(None, error)

    def _own(self) -> set[str]:
        return {f.name for f in [*self._meta.model._meta.fields, *self._meta.model._meta.many_to_many]}

    def _add_custom(self) -> None:
        values = self.instance.custom or {}
        for definition in custom_values.definitions(label_of(self._meta.model)):
            name = f"{custom_values.PREFIX}{definition.key}"
            current = values.get(definition.key)
            self.fields[name] = custom_values.form_field(definition, current=current)
            self.initial[name] = custom_values.to_initial(definition, current)
            self.custom_fields[name] = definition

    def _keep(self, only: set[str]) -> None:
        if "custom" in only:
            only |= self.custom_fields.keys()
        for name in self.fields.keys() - only:
            del self.fields[name]
            self.custom_fields.pop(name, None)

    def _restrict(self, name: str) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ModelChoiceField):
            return
        current = self._current(name)
        queryset = field.queryset
        assert queryset is not None
        field.iterator = Choices
        field.queryset = visible_choices(queryset, self.user, current)
        if current and queryset.model is not get_user_model():
            hidden = len(current) - field.queryset.filter(pk__in=current).count()
            if hidden and hasattr(queryset, "visible_to"):
                del self.fields[name]
                return
        if isinstance(field, SearchChoiceField):
            self._offer(name, field)

    def _offer(self, name: str, field: SearchChoiceField) -> None:
        widget = SearchSelect(source=self.searched[name])
        widget.is_required = field.required
        field.widget = widget  # type: ignore[assignment]
        chosen = (
            self.data.get(self.add_prefix(name)) if self.is_bound else self.get_initial_for_field(field, name)
        )
        field.offer(chosen, partial(self._recent_of, field.queryset))

    def _recent_of(self, queryset: Any) -> list[Any]:
        """The rows last changed; fields that offer the same kind of record share them."""
        found = self._recent.get(queryset.model)
        if found is None:
            found = list(named(queryset).order_by("-updated_at", "-pk")[:OFFERED])
            self._recent[queryset.model] = found
        return found

    def _current(self, name: str) -> list[int]:
        if not self.instance.pk:
            return []
        value = self.initial.get(name)
        if value is None:
            return []
        given: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
        return [getattr(v, "pk", v) for v in given]


def named(queryset: QuerySet) -> QuerySet:
    """Only what the names of these rows are made of, where the model says what that is."""
    return queryset.only(*queryset.model.NAMED_BY) if hasattr(queryset.model, "NAMED_BY") else queryset


def visible_choices(queryset: QuerySet, user: Any, current: Iterable[int] = ()) -> QuerySet:
    """What a person may choose: records they see; colleagues who may sign in, and those set now."""
    if queryset.model is get_user_model():
        return queryset.filter(Q(is_active=True) | Q(pk__in=list(current)))
    if hasattr(queryset, "visible_to"):
        return queryset.visible_to(user)
    return queryset


def choice_field(model: type[Model], **options: Any) -> SearchChoiceField:
    """A searched choice for a form's class body."""
    return SearchChoiceField(model._default_manager.all(), **{"required": False, **options})
