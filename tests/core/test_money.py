"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from core.money import DECIMALS, currency_choices, format_money, quantize, validate_currency


@pytest.mark.parametrize(
    ("amount", "code", "language", "written"),
    [
        ("1234.5", "EUR", "en", "€1,234.50"),
        ("-1234.5", "EUR", "en", "-€1,234.50"),
        ("12", "CNY", "en", "CN¥12"),
        ("12.3", "CNY", "zh-hans", "¥12.30"),
        ("1234.5", "JPY", "en", "¥1,235"),
        ("1234.5", "JPY", "zh-hans", "JP¥1,235"),
        ("1234567890123.45", "USD", "en", "$1,234,567,890,123.45"),
        ("5", "USD", "zh-hans", "US$5"),
        ("5", "CHF", "en", "CHF\u00a05"),
        ("1.2345", "KWD", "en", "KWD\u00a01.235"),
        ("-0.001", "EUR", "en", "€0"),
        ("0", "EUR", "en", "€0"),
        ("5", "", "en", "5"),
    ],
)
def test_format(amount, code, language, written):
    assert format_money(Decimal(amount), code, language=language) == written


def test_documents_keep_the_decimals_of_round_amounts():
    written = [format_money(Decimal(12), code, language="en", exact=True) for code in ("EUR", "JPY", "KWD")]
    assert written == ["€12.00", "¥12", "KWD\u00a012.000"]


def test_whole_amounts_round_half_up():
    assert format_money(Decimal("2.5"), "EUR", language="en", whole=True) == "€3"
    assert quantize(Decimal("0.125"), "EUR") == Decimal("0.13")
    assert quantize(Decimal("0.5"), "JPY") == Decimal(1)


def test_floats_are_refused():
    with pytest.raises(TypeError):
        format_money(0.1, "EUR")  # type: ignore[arg-type]


def test_the_filter():
    template = Template(
        "{% load money %}{{ a|money:c }}|{{ a|money_whole:c }}|{{ round|money_exact:c }}"
        "|{{ none|money:c }}|{{ bad|money:c }}"
    )
    context = Context({"a": Decimal("9.99"), "c": "EUR", "round": Decimal(5), "none": None, "bad": "many"})
    assert template.render(context) == "€9.99|€10|€5.00||"


def test_the_list_is_sound():
    assert len(DECIMALS) == len(currency_choices("en")) > 150
    assert all(len(code) == 3 and code.isupper() for code in DECIMALS)
    assert (DECIMALS["EUR"], DECIMALS["JPY"], DECIMALS["BHD"]) == (2, 0, 3)
    validate_currency("EUR")
    for wrong in ("XXX", "eur", "EURO"):
        with pytest.raises(ValidationError):
            validate_currency(wrong)
