"""Parsers of cells. Each returns a value, ``None`` for a blank cell, or raises ValueProblem."""

from core.importing.values.choices import parse_boolean, parse_choice, parse_tags
from core.importing.values.dates import (
    DateFormat,
    detect_date_format,
    parse_date,
    parse_datetime,
)
from core.importing.values.numbers import (
    DecimalFormat,
    Money,
    detect_decimal_format,
    parse_decimal,
    parse_integer,
    parse_money,
)
from core.importing.values.reach import Phone, domain_of, parse_email, parse_phone, parse_url
from core.importing.values.words import clean_text, parse_text

__all__ = [
    "DateFormat",
    "DecimalFormat",
    "Money",
    "Phone",
    "clean_text",
    "detect_date_format",
    "detect_decimal_format",
    "domain_of",
    "parse_boolean",
    "parse_choice",
    "parse_date",
    "parse_datetime",
    "parse_decimal",
    "parse_email",
    "parse_integer",
    "parse_money",
    "parse_phone",
    "parse_tags",
    "parse_text",
    "parse_url",
]
