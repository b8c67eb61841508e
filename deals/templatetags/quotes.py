"""``{{ line.unit_price|price:quote.currency }}``, ``{{ line.quantity|trimmed }}``"""

from decimal import Decimal

from django import template

from deals import formats

register = template.Library()


@register.filter
def price(value: Decimal, currency: str) -> str:
    """A unit price with the decimals it has."""
    return formats.unit_price(value, currency)


@register.filter
def trimmed(value: Decimal) -> str:
    """A number without the zeros its column adds."""
    return formats.trimmed(value)
