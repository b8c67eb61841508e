"""Stored values in words: for the history, the conflict page and the merge page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _


class Names:
    """Names of related rows, fetched once per model; those the person may not see stay unnamed."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self._known: dict[type[models.Model], dict[int, str]] = defaultdict(dict)
        self._hidden: set[tuple[type[models.Model], int]] = set()

    def load(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """Fetch the names of these rows in one query."""
        missing = {pk for pk in ids if isinstance(pk, int)} - self._known[model].keys()
        if not missing:
            return
        rows = model._base_manager.filter(pk__in=missing)
        manager = model._default_manager.all()
        if hasattr(manager, "visible_to"):
            rows = manager.visible_to(self.user).filter(pk__in=missing)
        found = {row.pk: str(row) for row in rows}
        for pk in missing:
            self._known[model][pk] = found.get(pk, _("(not visible to you)"))
            if pk not in found:
                self._hidden.add((model, pk))

    def seen(self, model: type[models.Model], pk: int) -> bool:
        """Whether the person may see this row."""
        self.load(model, [pk])
        return (model, pk) not in self._hidden

    def of(self, model: type[models.Model], pk: Any) -> str:
        if pk is None:
            return ""
        self.load(model, [pk])
        return self._known[model].get(pk, "")


def field_named(model: type[models.Model], name: str) -> Any:
    """A field by its name or its column attribute (`owner` or `owner_id`); None if it is gone."""
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if name in (field.name, getattr(field, "attname", "")):
            return field
    return None


def label_of_field(model: type[models.Model], name: str) -> str:
    field = field_named(model, name)
    if field is None:
        return name
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def in_words(model: type[models.Model], name: str, value: Any, names: Names) -> str:
    """A value in its JSON form as a reader understands it."""
    field = field_named(model, name)
    if value is None or value == "" or value == [] or field is None:
        return "" if value in (None, "", []) else str(value)
    if field.many_to_many:
        names.load(field.related_model, value)
        return ", ".join(names.of(field.related_model, pk) for pk in value)
    if field.is_relation:
        return names.of(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain_words(field, value)


def _plain_words(field: models.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, models.DateTimeField):
        moment = value if isinstance(value, datetime) else parse_datetime(str(value))
        shown = timezone.localtime(moment) if moment else value
        return str(formats.date_format(shown, "SHORT_DATETIME_FORMAT")) if moment else str(value)
    if isinstance(field, models.DateField):
        day = value if isinstance(value, date) else parse_date(str(value))
        return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else str(value)
    if isinstance(field, models.DecimalField):
        amount = Decimal(str(value))
        places = 2 if amount % 1 else 0
        return str(formats.number_format(amount, places, use_l10n=True, force_grouping=True))
    return str(value)
