"""Fields a column can fill, and the parser of a column's cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem
from core.importing.mapping import ImportField
from core.importing.values import (
    Money,
    parse_boolean,
    parse_choice,
    parse_date,
    parse_datetime,
    parse_decimal,
    parse_email,
    parse_integer,
    parse_money,
    parse_phone,
    parse_tags,
    parse_text,
    parse_url,
)
from core.importing.values.choices import choice_index
from core.importing.values.words import shown

Parse = Callable[[str], Any]
#: Kinds whose cells are read by a format of the column.
DATES = ("date", "datetime")
NUMBERS = ("number", "integer", "money")


@dataclass(frozen=True)
class Field(ImportField):
    """A field with what its values must keep to; the same rules as the forms have."""

    max_length: int = 255
    choices: Mapping[str, Any] | None = None
    #: Few distinct values are expected: they are shown for correction before the import.
    review: bool = False
    #: Heading in the list of fields.
    group: Any = ""
    help: Any = ""
    low: int | None = None
    high: int | None = None
    #: The value may be the same for all rows, given once instead of a column.
    constant: bool = False
    aliases: tuple[str, ...] = field(default=())

    def for_suggestion(self) -> ImportField:
        """The same field with its label in every language of ours as a synonym."""
        labels = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                labels.append(str(self.label))
        return ImportField(
            self.key, str(self.label), (*self.synonyms, *labels), self.kind, self.required, self.many
        )


def parser_for(target: Field, formats: Mapping[str, Any], *, region: str = "") -> Parse:
    """Make the function that reads one cell; it raises ValueProblem or returns a value."""
    kind = target.kind
    if kind in DATES:
        read = parse_date if kind == "date" else parse_datetime
        order = formats.get("date") or None
        return lambda text: read(text, order)
    if kind in NUMBERS:
        return _number_parser(target, formats)
    if kind == "phone":
        return lambda text: parse_phone(text, region)
    if kind == "choice":
        index = choice_index(dict((target.choices or {}).items()))
        return partial(parse_choice, index=index)
    if kind == "tags":
        return partial(parse_tags, max_length=target.max_length)
    simple = {"email": parse_email, "url": parse_url, "boolean": parse_boolean}
    if kind in simple:
        return _bounded(simple[kind], target.max_length)
    if kind == "currency":
        return _parse_currency
    return partial(parse_text, max_length=target.max_length, multiline=kind == "long_text")


def _bounded(read: Parse, limit: int) -> Parse:
    def parse(text: str) -> Any:
        value = read(text)
        if isinstance(value, str) and len(value) > limit:
            raise ValueProblem(
                "too_long",
                _("The text has %(length)s characters; at most %(limit)s fit here."),
                length=len(value),
                limit=limit,
            )
        return value

    return parse


def _number_parser(target: Field, formats: Mapping[str, Any]) -> Parse:
    sign = formats.get("decimal") or None
    unit = Decimal(str(formats.get("unit") or 1))
    if target.kind == "integer":
        return partial(_parse_bounded, read=partial(parse_integer, fmt=sign), target=target)
    if target.kind == "number":
        return partial(_parse_bounded, read=partial(parse_decimal, fmt=sign), target=target)
    if unit == 1:
        return partial(parse_money, fmt=sign)

    def in_units(text: str) -> Money | None:
        money = parse_money(text, sign)
        return None if money is None else Money(money.amount * unit, money.currency)

    return in_units


def _parse_bounded(text: str, *, read: Parse, target: Field) -> Any:
    value = read(text)
    if value is None:
        return None
    if (target.low is not None and value < target.low) or (target.high is not None and value > target.high):
        raise ValueProblem(
            "out_of_range",
            _("“%(value)s” is not between %(low)s and %(high)s."),
            value=shown(text),
            low=target.low,
            high=target.high,
        )
    return value


def _parse_currency(text: str) -> str | None:
    code = text.strip().upper()
    if not code:
        return None
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    raise ValueProblem(
        "not_a_currency",
        _("“%(value)s” is not a currency; use its three letters, such as EUR."),
        value=shown(text),
    )
