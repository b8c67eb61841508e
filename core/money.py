"""Currencies of ISO 4217 and how amounts of money are written in each language.

Amounts are ``Decimal`` throughout; a float here is a mistake and is refused. Every page writes them
through `format_money` (templates: the filter ``money``), files hold the bare number and the code.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# The currencies in use, by their number of decimals. Two is the rule.
_TWO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL "
    "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR "
    "PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"

DECIMALS: dict[str, int] = dict(
    sorted(
        [(code, 2) for code in _TWO.split()]
        + [(code, 0) for code in _NONE.split()]
        + [(code, 3) for code in _THREE.split()]
    )
)

# Symbols every reader knows, then what a language writes differently. The rest show their code.
_SYMBOLS = {
    "AUD": "A$", "BRL": "R$", "CAD": "CA$", "CNY": "CN¥", "EUR": "€", "GBP": "£", "HKD": "HK$",
    "ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$", "NZD": "NZ$", "PHP": "₱",
    "TWD": "NT$", "USD": "$", "VND": "₫", "XAF": "FCFA", "XCD": "EC$",
}  # fmt: skip
_SYMBOLS_IN: dict[str, dict[str, str]] = {
    "zh": {"CNY": "¥", "JPY": "JP¥", "USD": "US$", "AUD": "AU$", "KRW": "￦", "TWD": "NT$"},
}

MINUS = "-"
NARROW_NO_BREAK = "\u00a0"


def is_currency(code: str) -> bool:
    """Whether this is the code of a currency in use."""
    return code in DECIMALS


def validate_currency(code: str) -> None:
    """Refuse what is not a currency, for model fields."""
    if code and not is_currency(code):
        raise ValidationError(_("This is not a currency in use."), code="currency")


def decimals(code: str) -> int:
    """How many decimals the currency has; two where it is unknown."""
    return DECIMALS.get(code, 2)


def symbol(code: str, language: str | None = None) -> str:
    """The sign of the currency as readers of the language know it, else its code."""
    tongue = (language or get_language() or "en").split("-")[0]
    return _SYMBOLS_IN.get(tongue, {}).get(code) or _SYMBOLS.get(code, code)


def quantize(amount: Decimal, code: str) -> Decimal:
    """Round half up to what the currency can pay."""
    return amount.quantize(Decimal(1).scaleb(-decimals(code)), rounding=ROUND_HALF_UP)


def format_money(
    amount: Decimal | int,
    code: str,
    *,
    language: str | None = None,
    whole: bool = False,
    exact: bool = False,
) -> str:
    """Write an amount: ``€1,234.50``, ``-CN¥12``, ``CHF 5``.

    Decimals stand where the amount has any, and then all the currency has. `exact` keeps them in a
    round amount too, for documents whose lines are added up; `whole` rounds them away, for charts.
    """
    if isinstance(amount, float):
        raise TypeError("money is Decimal, never float")
    value = Decimal(amount)
    places = 0 if whole else decimals(code)
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if not exact and rounded == rounded.to_integral_value():
        places = 0
    number = f"{abs(rounded):,.{places}f}"
    sign = symbol(code, language) if code else ""
    gap = NARROW_NO_BREAK if sign[-1:].isalpha() else ""
    return f"{MINUS if rounded < 0 else ''}{sign}{gap}{number}"


def currency_choices(language: str | None = None) -> list[tuple[str, str]]:
    """For a select: every code with its symbol, ``EUR (€)``."""
    return [
        (code, code if symbol(code, language) == code else f"{code} ({symbol(code, language)})")
        for code in DECIMALS
    ]
