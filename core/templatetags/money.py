"""``{{ order.total|money:order.currency }}``"""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template

from core.money import format_money

register = template.Library()


@register.filter
def money(amount: object, currency: str = "") -> str:
    """An amount in its currency, in the reader's language; nothing for no amount."""
    return _written(amount, currency)


@register.filter
def money_exact(amount: object, currency: str = "") -> str:
    """The same with all decimals in round amounts too, for documents whose lines are added up."""
    return _written(amount, currency, exact=True)


@register.filter
def money_whole(amount: object, currency: str = "") -> str:
    """The same rounded to whole units, for charts and boards."""
    return _written(amount, currency, whole=True)


def _written(amount: object, currency: str, **how: Any) -> str:
    if amount is None or amount == "":
        return ""
    try:
        value = amount if isinstance(amount, Decimal | int) else Decimal(str(amount))
    except InvalidOperation:
        return ""
    return format_money(value, currency or "", **how)
