"""Two people edited one record: theirs, yours and the original, field by field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict

from core import custom_values
from core.changes import field_value, label_of, plain
from core.display import Names, in_words
from core.exceptions import StaleRecord
from core.forms import RecordForm
from core.models import Change, Record

SKIPPED = {"csrfmiddlewaretoken", "resolve", "version"}


@dataclass(frozen=True)
class Difference:
    """One field on which the two saves differ, in words."""

    name: str
    label: str
    original: str
    theirs: str
    yours: str
    clash: bool  # both changed it
    choice: str  # "yours", "theirs", or "" where the person must choose


@dataclass(frozen=True)
class Conflict:
    record: Record
    differences: list[Difference]
    who: list[Any]
    fields: list[tuple[str, str]] = field(default_factory=list)  # everything that was typed

    @property
    def clashes(self) -> int:
        return sum(d.clash for d in self.differences)


def values_at(record: Record, version: int) -> dict[str, Any]:
    """The stored values as they were at an earlier version, by going back through the log."""
    values = {f.attname: field_value(record, f) for f in record._meta.concrete_fields}
    for many in record._meta.many_to_many:
        values[many.name] = sorted(getattr(record, many.name).values_list("pk", flat=True))
    changes = Change.objects.filter(model=label_of(record), object_id=record.pk, version__gt=version)
    for change in changes.order_by("-pk"):
        values.update(change.before)
    return values


def compare(form: RecordForm, stale: StaleRecord) -> Conflict:
    """What differs between the saved record and the form that came too late."""
    current = stale.current
    before = values_at(current, stale.expected_version)
    now = values_at(current, current.version)
    names = Names(form.user)
    found = []
    for name in form.fields:
        if name == "version" or name not in form.cleaned_data:
            continue
        base, theirs = _stored(form, name, before), _stored(form, name, now)
        yours = _typed(form, name)
        if theirs == yours or (base == theirs == yours):
            continue
        mine_changed, theirs_changed = yours != base, theirs != base
        clash = mine_changed and theirs_changed
        choice = "" if clash else ("yours" if mine_changed else "theirs")
        found.append(
            Difference(
                name=name,
                label=str(form[name].label),
                original=_words(form, current, name, base, names),
                theirs=_words(form, current, name, theirs, names),
                yours=_words(form, current, name, yours, names),
                clash=clash,
                choice=choice,
            )
        )
    found.sort(key=lambda d: not d.clash)
    return Conflict(current, found, _who(current, stale.expected_version), _sent(form.data))


def chosen(sent: QueryDict, current: Record, mine: set[str], blank: RecordForm) -> QueryDict:
    """The form's data with every field not chosen as "yours" set to what is stored now."""
    data = sent.copy()
    for name in blank.fields:
        if name == "version" or name in mine:
            continue
        for key in [k for k in data if k == name or k.startswith(f"{name}_")]:
            if key == name or key.removeprefix(f"{name}_").isdigit() or "amount" in key or "currency" in key:
                del data[key]
        _put(data, blank, name)
    return data


def _put(data: QueryDict, form: RecordForm, name: str) -> None:
    """Fill a field with its present value, the way the browser would send it."""
    bound = form[name]
    value = bound.value()
    widget = bound.field.widget
    if hasattr(widget, "decompress"):
        for suffix, part in zip(widget.widgets_names, widget.decompress(value), strict=False):
            data[f"{name}{suffix}"] = "" if part is None else str(part)
    elif isinstance(value, list | tuple):
        data.setlist(name, [str(getattr(v, "pk", v)) for v in value])
    elif isinstance(value, bool):
        if value:
            data[name] = "on"
    elif value is not None:
        # A select formats its value as a list; what the browser sends is the value itself.
        chosen = isinstance(widget, forms.Select)
        data[name] = str(getattr(value, "pk", value if chosen else widget.format_value(value) or ""))


def _sent(data: Any) -> list[tuple[str, str]]:
    return [
        (key, value)
        for key in data
        if key not in SKIPPED and not key.startswith("choice-")
        for value in data.getlist(key)
    ]


def _who(record: Record, version: int) -> list[Any]:
    changes = Change.objects.filter(model=label_of(record), object_id=record.pk, version__gt=version)
    sets = {c.change_set_id: c.change_set for c in changes.select_related("change_set__actor")}
    return list(sets.values())


def _stored(form: RecordForm, name: str, values: dict[str, Any]) -> Any:
    if name in form.custom_fields:
        return (values.get("custom") or {}).get(form.custom_fields[name].key)
    model_field = form._meta.model._meta.get_field(name)
    return values.get(name if model_field.many_to_many else model_field.attname)


def _typed(form: RecordForm, name: str) -> Any:
    value = form.cleaned_data[name]
    if name in form.custom_fields:
        return plain(custom_values.to_json(form.custom_fields[name], value))
    model_field = form._meta.model._meta.get_field(name)
    if model_field.many_to_many:
        return sorted(row.pk for row in value)
    row = form._meta.model()
    setattr(row, model_field.attname, getattr(value, "pk", value))
    return field_value(row, model_field)


def _words(form: RecordForm, record: Record, name: str, value: Any, names: Names) -> str:
    if name in form.custom_fields:
        definition = form.custom_fields[name]
        people = custom_values.people_in([{definition.key: value}], [definition])
        return custom_values.show(definition, value, people=people)
    return in_words(record._meta.model, name, value, names)
