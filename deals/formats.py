"""How numbers of lines are written, in documents and on pages."""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format

from core.money import decimals


def trimmed(number: Decimal) -> str:
    """A number without the zeros its column adds."""
    return _written(number.normalize(), 0)


def unit_price(price: Decimal, currency: str) -> str:
    """A price with the decimals of its currency, and more where it has them."""
    return _written(price.normalize(), decimals(currency))


def _written(number: Decimal, least: int) -> str:
    exponent = number.as_tuple().exponent
    places = max(least, -exponent) if isinstance(exponent, int) else least
    return number_format(number, places, use_l10n=True, force_grouping=True)
