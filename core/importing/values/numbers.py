"""Numbers and money in the ways people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from core.importing.errors import ValueProblem
from core.importing.values.words import cached, shown

_PLAIN = re.compile(r"[-+]?\d{1,20}(?:\.\d{1,12})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d{1,15})?[eE][-+]?\d{1,2}", re.ASCII)
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009\u2007'’_")
_MINUS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-"})
_MULTIPLES = {
    "万": Decimal(10_000),
    "萬": Decimal(10_000),
    "亿": Decimal(100_000_000),
    "億": Decimal(100_000_000),
    "千": Decimal(1_000),
    "k": Decimal(1_000),
    "K": Decimal(1_000),
    "M": Decimal(1_000_000),
}
_CURRENCIES = {
    "US$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "C$": "CAD", "R$": "BRL",
    "CN¥": "CNY", "JP¥": "JPY", "€": "EUR", "£": "GBP", "$": "USD", "¥": "", "￥": "CNY",
    "₹": "INR", "₩": "KRW", "₽": "RUB", "฿": "THB", "₫": "VND", "₺": "TRY", "₴": "UAH",
    "zł": "PLN", "kr": "", "RMB": "CNY", "人民币": "CNY", "元": "CNY", "块": "CNY",
    "美元": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "港币": "HKD", "港元": "HKD",
}  # fmt: skip
_SYMBOLS = sorted(_CURRENCIES, key=len, reverse=True)
_CODE = re.compile(r"([A-Z]{3})(?![A-Za-z])\s{0,3}(.*)|(.*?)(?<![A-Za-z])([A-Z]{3})", re.DOTALL)
_LONGEST = 60


class DecimalFormat(NamedTuple):
    """The decimal sign of a column. ``ambiguous`` means the sample fits both."""

    decimal: str = "."
    ambiguous: bool = False


class Money(NamedTuple):
    """An amount; ``currency`` is empty when the cell does not tell it."""

    amount: Decimal
    currency: str = ""


def parse_decimal(text: str, fmt: DecimalFormat | str | None = None) -> Decimal | None:
    """Read a number. ``fmt`` is the column's decimal sign; without it "." is assumed
    where both readings are possible."""
    sign = fmt.decimal if isinstance(fmt, DecimalFormat) else fmt or ""
    if (sign != "," or "." not in text) and _PLAIN.fullmatch(text):
        return Decimal(text)
    return _parse_decimal(text, sign)


@cached
def _parse_decimal(text: str, sign: str) -> Decimal | None:
    body = text.strip()
    if not body:
        return None
    if len(body) > _LONGEST:
        raise _not_a_number(text)
    body = unicodedata.normalize("NFKC", body).translate(_MINUS).translate(_SPACES)
    if _SCIENTIFIC.fullmatch(body):
        return Decimal(body)
    body, negative = _take_sign(body)
    # 12 % in a percentage column is 12: the sign is shown, not computed with.
    body = body.removesuffix("%")
    factor = _MULTIPLES.get(body[-1:], Decimal(1))
    if factor != 1:
        body = body[:-1]
    plain = _to_plain(body, sign)
    if plain is None or not plain.isascii():
        raise _not_a_number(text)
    value = Decimal(plain) * factor
    return -value if negative else value


def _take_sign(body: str) -> tuple[str, bool]:
    """Read -12, 12-, (12) and +12."""
    if body.startswith("(") and body.endswith(")"):
        return body[1:-1], True
    if body.startswith("-"):
        return body[1:], True
    if body.endswith("-"):
        return body[:-1], True
    return body.removeprefix("+"), False


def _to_plain(body: str, sign: str) -> str | None:
    """Drop grouping and make the decimal sign a point; ``None`` when it does not fit."""
    points, commas = body.count("."), body.count(",")
    if not sign:
        sign = _guess_sign(body, points, commas)
    group = "." if sign == "," else ","
    whole, mark, fraction = body.partition(sign)
    if group in fraction or sign in fraction:
        return None
    pieces = whole.split(group)
    if len(pieces) > 1 and not _grouped(pieces):
        return None
    digits = "".join(pieces)
    if not (digits or fraction) or not (digits + fraction).isdigit() or (mark and not fraction):
        return digits if digits.isdigit() and mark and not fraction else None
    return f"{digits or '0'}.{fraction}" if fraction else digits


def _grouped(pieces: list[str]) -> bool:
    """Western groups of three; Indian 12,34,567; Chinese 1,2345,6789."""
    if not pieces[0] or len(pieces[0]) > 4:
        return False
    middle, last = pieces[1:-1], pieces[-1]
    if len(last) == 4:
        return all(len(piece) == 4 for piece in middle)
    return len(last) == 3 and (
        all(len(piece) == 3 for piece in middle) or all(len(piece) == 2 for piece in middle)
    )


def _guess_sign(body: str, points: int, commas: int) -> str:
    """Without a column format: the sign that stands last, or the only one that fits."""
    if points and commas:
        return "," if body.rfind(",") > body.rfind(".") else "."
    if points > 1:
        return ","
    if commas == 1 and len(body) - body.index(",") - 1 != 3:
        return ","
    return "."


def _not_a_number(text: str) -> ValueProblem:
    return ValueProblem("not_a_number", _("“%(value)s” is not a number."), value=shown(text))


def parse_integer(text: str, fmt: DecimalFormat | str | None = None) -> int | None:
    """Read a whole number; 12.0 counts as one, 12.5 does not."""
    if text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    value = parse_decimal(text, fmt)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise ValueProblem("not_an_integer", _("“%(value)s” is not a whole number."), value=shown(text))
    return int(value)


def parse_money(text: str, fmt: DecimalFormat | str | None = None) -> Money | None:
    """Read an amount with or without a currency sign or code."""
    sign = fmt.decimal if isinstance(fmt, DecimalFormat) else fmt or ""
    if (sign != "," or "." not in text) and _PLAIN.fullmatch(text):
        return Money(Decimal(text))
    return _parse_money(text, sign)


@cached
def _parse_money(text: str, sign: str) -> Money | None:
    body = text.strip()
    if not body:
        return None
    if len(body) > _LONGEST:
        raise _not_an_amount(text)
    body, currency = _take_currency(body)
    try:
        amount = _parse_decimal(body, sign)
    except ValueProblem as problem:
        raise _not_an_amount(text) from problem
    if amount is None:
        raise _not_an_amount(text)
    return Money(amount, currency)


def _take_currency(body: str) -> tuple[str, str]:
    for symbol in _SYMBOLS:
        if symbol in body:
            return body.replace(symbol, "", 1).strip(), _CURRENCIES[symbol]
    found = _CODE.search(body)
    if found and found[1]:
        rest = body[: found.start()] + found[2]
        return rest.strip(), found[1]
    if found and found[4]:
        return (found[3] + body[found.end() :]).strip(), found[4]
    return body, ""


def _not_an_amount(text: str) -> ValueProblem:
    return ValueProblem("not_an_amount", _("“%(value)s” is not an amount."), value=shown(text))


def detect_decimal_format(values: Iterable[str]) -> DecimalFormat:
    """Tell the decimal sign of a column from a sample of its cells."""
    comma = point = unclear = 0
    for value in values:
        body = unicodedata.normalize("NFKC", value.strip()[:_LONGEST]).translate(_SPACES)
        points, commas = body.count("."), body.count(",")
        if not points and not commas:
            continue
        tail = re.sub(r"\D+$", "", body[max(body.rfind("."), body.rfind(",")) + 1 :])
        after = len(tail)
        if points and commas:
            comma, point = _vote(body.rfind(",") > body.rfind("."), comma, point)
        elif max(points, commas) > 1:
            comma, point = _vote(points > 1, comma, point)
        elif after != 3 or re.match(r"[-+(]?0[.,]", body):
            comma, point = _vote(commas == 1, comma, point)
        else:
            unclear += 1
    if comma and point:
        return DecimalFormat("," if comma > point else ".", ambiguous=True)
    if comma or point:
        return DecimalFormat("," if comma else ".")
    return DecimalFormat(".", ambiguous=unclear > 0)


def _vote(for_comma: bool, comma: int, point: int) -> tuple[int, int]:
    return (comma + 1, point) if for_comma else (comma, point + 1)
