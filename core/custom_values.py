"""The values of custom fields: the one place that parses, validates, shows and filters them.

A value lives in `record.custom[key]` in its JSON form:

    text, link, choice   "text"
    number               12 or 12.5
    money                {"amount": 12.5, "currency": "EUR"}
    date                 "2026-03-29"
    several choices      ["a", "b"]
    yes or no            true / false
    person               the user's id

An empty value has no key at all. `JSON numbers` keep fifteen digits, which is the limit of the form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, Expression, FloatField, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower
from django.db.models.lookups import Exact, IsNull
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import shared_cache
from core.importing.errors import ValueProblem
from core.importing.values.reach import parse_url
from core.importing.values.words import clean_text
from core.models import CustomField
from core.money import currency_choices, format_money, is_currency

Kind = CustomField.Kind
PREFIX = "custom__"
DIGITS = 15
LONGEST_TEXT = 2000
SECONDS = 60  # every page asks for the definitions; other processes follow within a minute
_KEY = "custom-fields:"
YES = {"yes", "true", "1", "y", "是", "ja", "oui", "si", "sí"}
NO = {"no", "false", "0", "n", "否", "nein", "non"}


def definitions(model: str, *, archived: bool = False) -> list[CustomField]:
    """The custom fields of a kind of record ("customers.customer"), in their order."""
    found = shared_cache.get(_KEY + model)
    if found is None:
        found = list(CustomField.objects.filter(model=model))
        shared_cache.set(_KEY + model, found, SECONDS)
    return found if archived else [row for row in found if not row.archived]


def forget_definitions(model: str) -> None:
    """Call after writing definitions past `save()`: now, and again once others can read them."""
    shared_cache.delete(_KEY + model)
    transaction.on_commit(lambda: shared_cache.delete(_KEY + model))


@receiver([post_save, post_delete], sender=CustomField)
def _written(instance: CustomField, **kwargs: Any) -> None:
    forget_definitions(instance.model)


# Forms ----------------------------------------------------------------------------------------


class MoneyWidget(forms.MultiWidget):
    """An amount and its currency."""

    def __init__(self) -> None:
        choices = [("", "–"), *currency_choices()]
        super().__init__(
            {
                "amount": forms.NumberInput({"step": "any", "aria-label": gettext_lazy("Amount")}),
                "currency": forms.Select({"aria-label": gettext_lazy("Currency")}, choices),
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        return [value.get("amount"), value.get("currency")] if isinstance(value, Mapping) else [None, ""]


class MoneyField(forms.MultiValueField):
    """Gives {"amount": Decimal, "currency": "EUR"} or None."""

    def __init__(self, **options: Any) -> None:
        fields = (
            forms.DecimalField(max_digits=DIGITS, decimal_places=4, required=False),
            forms.CharField(max_length=3, required=False),
        )
        super().__init__(fields, require_all_fields=False, widget=MoneyWidget(), **options)

    def compress(self, values: list[Any]) -> Any:
        amount, currency = (*values, None, None)[:2] if values else (None, None)
        if amount is None:
            return None
        if not is_currency(currency or ""):
            raise forms.ValidationError(_("Say which currency this is in."), code="currency")
        return {"amount": amount, "currency": currency}

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = [str(v or "") for v in self.widget.decompress(initial)]
        after = [str(v or "") for v in (data or [])]
        if before and after and not before[0] and not after[0]:
            return False
        return before != after and _numbers(before) != _numbers(after)


def _numbers(pair: list[str]) -> tuple[Any, ...]:
    try:
        return (Decimal(pair[0]), *pair[1:])
    except (InvalidOperation, IndexError):
        return tuple(pair)


def form_field(definition: CustomField, *, current: Any = None) -> forms.Field:
    """The form field of a definition. A choice that was taken away stays for rows that have it."""
    options: dict[str, Any] = {
        "label": definition.label,
        "help_text": definition.help_text,
        "required": definition.required,
    }
    kind = definition.kind
    if kind == Kind.NUMBER:
        return forms.DecimalField(
            max_digits=DIGITS, decimal_places=6, widget=forms.NumberInput({"step": "any"}), **options
        )
    if kind == Kind.MONEY:
        return MoneyField(**options)
    if kind == Kind.DATE:
        return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)
    if kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "–"), *_choices(definition, [current])], **options)
    if kind == Kind.MULTI:
        kept = current if isinstance(current, list) else []
        return forms.MultipleChoiceField(
            choices=_choices(definition, kept), widget=forms.CheckboxSelectMultiple, **options
        )
    if kind == Kind.BOOLEAN:
        return forms.TypedChoiceField(
            choices=[("", "–"), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))],
            coerce=lambda value: value == "true",
            empty_value=None,
            **options,
        )
    if kind == Kind.LINK:
        return forms.URLField(assume_scheme="https", max_length=LONGEST_TEXT, **options)
    if kind == Kind.PERSON:
        people = get_user_model().objects.filter(Q(is_active=True) | Q(pk=current or 0))
        return forms.ModelChoiceField(people, empty_label="–", **options)
    return forms.CharField(max_length=LONGEST_TEXT, **options)


def _choices(definition: CustomField, kept: Iterable[Any]) -> list[tuple[str, str]]:
    names = [str(choice) for choice in definition.choices]
    return [(n, n) for n in dict.fromkeys([*names, *(str(k) for k in kept if k)])]


def to_initial(definition: CustomField, value: Any) -> Any:
    """The stored value as the form field wants it."""
    if value is None:
        return None
    if definition.kind == Kind.BOOLEAN:
        return "true" if value else "false"
    if definition.kind == Kind.DATE:
        return _date(value)
    return value


def to_json(definition: CustomField, cleaned: Any) -> Any:
    """The form's cleaned value as it is stored; None where there is none."""
    if cleaned is None or cleaned == "" or cleaned == []:
        return None
    if definition.kind == Kind.NUMBER:
        return _number(cleaned)
    if definition.kind == Kind.MONEY:
        return {"amount": _number(cleaned["amount"]), "currency": cleaned["currency"]}
    if definition.kind == Kind.DATE:
        return cleaned.isoformat()
    if definition.kind == Kind.PERSON:
        return getattr(cleaned, "pk", cleaned)
    return cleaned


def merged(current: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The `custom` column with some keys set; None takes a key out."""
    return {k: v for k, v in {**current, **changes}.items() if v is not None}


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


# Text from a file -----------------------------------------------------------------------------


def parse(definition: CustomField, text: str, *, people: Mapping[str, int] | None = None) -> Any:
    """The JSON value of a cell that was read as text; None for an empty one.

    `people` gives ids by lower-case e-mail and name. Raises ValueProblem.
    """
    text = clean_text(text)
    if not text:
        return None
    return _PARSERS.get(definition.kind, _parse_text)(definition, text, people or {})


def _parse_text(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    return text[:LONGEST_TEXT]


def _parse_number(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    try:
        value = Decimal(text.replace(" ", "").replace(",", ""))
    except InvalidOperation:
        raise _problem("not_a_number", _("“%(value)s” is not a number."), text) from None
    if not value.is_finite() or len(value.as_tuple().digits) > DIGITS or abs(value) >= 10**DIGITS:
        raise _problem("not_a_number", _("“%(value)s” is not a number."), text)
    return _number(value)


def _parse_money(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    found = re.fullmatch(r"(?:([A-Za-z]{3}) ?)?([-+]?[\d., ]{1,24}?)(?: ?([A-Za-z]{3}))?", text)
    currency = ((found[1] or found[3] or "") if found else "").upper()
    if not found or not is_currency(currency):
        raise _problem("not_money", _("“%(value)s” is not an amount with a currency code."), text)
    return {"amount": _parse_number(definition, found[2], people), "currency": currency}


def _parse_date(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    found = _date(text[:10])
    if found is None:
        raise _problem("not_a_date", _("“%(value)s” is not a date like 2026-03-29."), text)
    return found.isoformat()


def _parse_choice(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    for choice in definition.choices:
        if str(choice).casefold() == text.casefold():
            return str(choice)
    raise _problem("not_a_choice", _("“%(value)s” is not one of the choices."), text)


def _parse_multi(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    return list(dict.fromkeys(_parse_choice(definition, part, people) for part in parts))


def _parse_boolean(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    word = text.casefold()
    if word not in YES | NO:
        raise _problem("not_yes_no", _("“%(value)s” is neither yes nor no."), text)
    return word in YES


def _parse_person(definition: CustomField, text: str, people: Mapping[str, int]) -> Any:
    found = people.get(text.lower())
    if found is None:
        raise _problem("not_a_person", _("Nobody here is called “%(value)s”."), text)
    return found


def _problem(code: str, message: str, text: str) -> ValueProblem:
    return ValueProblem(code, message, value=text[:60])


_PARSERS: dict[str, Any] = {
    Kind.NUMBER: _parse_number,
    Kind.MONEY: _parse_money,
    Kind.DATE: _parse_date,
    Kind.CHOICE: _parse_choice,
    Kind.MULTI: _parse_multi,
    Kind.BOOLEAN: _parse_boolean,
    Kind.LINK: lambda definition, text, people: parse_url(text),
    Kind.PERSON: _parse_person,
}


# Pages and files ------------------------------------------------------------------------------


def show(definition: CustomField, value: Any, *, people: Mapping[int, str] | None = None) -> str:
    """A value in words, in the reader's language; `people` gives names by id."""
    if value is None or value == "":
        return ""
    kind = definition.kind
    if kind == Kind.NUMBER and isinstance(value, int | float):
        return str(formats.number_format(Decimal(str(value)), use_l10n=True, force_grouping=True))
    if kind == Kind.MONEY and isinstance(value, Mapping):
        return format_money(Decimal(str(value["amount"])), value["currency"])
    if kind == Kind.DATE:
        day = _date(value)
        return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else str(value)
    if kind == Kind.BOOLEAN:
        return _("Yes") if value else _("No")
    if kind == Kind.MULTI and isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if kind == Kind.PERSON:
        return (people or {}).get(value, _("Somebody"))
    return str(value)


def export(definition: CustomField, value: Any, *, people: Mapping[int, str] | None = None) -> Any:
    """A value as a file holds it, so that `parse` reads it again; `people` gives e-mails by id."""
    if value is None:
        return ""
    if definition.kind == Kind.MONEY and isinstance(value, Mapping):
        return f"{value['amount']} {value['currency']}"
    if definition.kind == Kind.MULTI and isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if definition.kind == Kind.BOOLEAN:
        return "yes" if value else "no"
    if definition.kind == Kind.PERSON:
        return (people or {}).get(value, "")
    return value


def people_in(custom: Iterable[Mapping[str, Any]], fields: Iterable[CustomField]) -> dict[int, str]:
    """The names of the people that some rows' person fields point at, in one query or none."""
    keys = [f.key for f in fields if f.kind == Kind.PERSON]
    ids = {row[key] for row in custom for key in keys if isinstance(row.get(key), int)}
    if not ids:
        return {}
    return {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=ids)}


# Filters --------------------------------------------------------------------------------------

LOOKUPS = {"is", "contains", "min", "max", "empty", "filled"}


def filtered(queryset: QuerySet, definition: CustomField, lookup: str, value: Any = None) -> QuerySet:
    """Rows whose custom value fits. `value` is in JSON form; an unknown lookup is refused."""
    if lookup not in LOOKUPS:
        raise ValueError(f"unknown lookup {lookup!r}")
    key = definition.key
    if lookup in ("empty", "filled"):
        has = Q(custom__has_key=key)
        return queryset.filter(has if lookup == "filled" else ~has)
    if lookup == "contains" and definition.kind == Kind.MULTI:
        return _with_choice(queryset, key, str(value))
    if lookup == "contains":
        name = f"_custom_{key}"
        return queryset.alias(**{name: KT(f"custom__{key}")}).filter(**{f"{name}__icontains": str(value)})
    path = f"custom__{key}__amount" if definition.kind == Kind.MONEY else f"custom__{key}"
    suffix = {"is": "", "min": "__gte", "max": "__lte"}[lookup]
    return queryset.filter(custom__has_key=key, **{f"{path}{suffix}": value})


def _with_choice(queryset: QuerySet, key: str, choice: str) -> QuerySet:
    """SQLite cannot look inside a JSON list, so the list's text is searched for the quoted word."""
    name = f"_custom_{key}"
    written = {json.dumps(choice, ensure_ascii=ascii_only) for ascii_only in (True, False)}
    fits = Q()
    for text in written:  # PostgreSQL writes Chinese as it is, SQLite keeps what Python wrote
        fits |= Q(**{f"{name}__contains": text})
    return queryset.alias(**{name: KT(f"custom__{key}")}).filter(fits)


def sort_key(definition: CustomField) -> Expression | None:
    """What a list orders by, NULL where a row has no value; None for kinds without an order.

    Amounts of money are ordered as numbers, as in the lists' own columns; choices in the order
    the administrator gave them.
    """
    kind, written = definition.kind, KT(f"custom__{definition.key}")
    if kind in (Kind.NUMBER, Kind.MONEY):
        path = f"custom__{definition.key}__amount" if kind == Kind.MONEY else f"custom__{definition.key}"
        return Cast(KT(path), FloatField())
    if kind == Kind.CHOICE:
        places = [When(Exact(written, choice), then=Value(n)) for n, choice in enumerate(definition.choices)]
        none = When(IsNull(written, True), then=Value(None))
        return Case(none, *places, default=Value(len(places)), output_field=IntegerField())
    if kind in (Kind.TEXT, Kind.LINK):
        return Lower(written, output_field=TextField())
    return written if kind in (Kind.DATE, Kind.BOOLEAN) else None
