"""What the result of an import of orders explains: returns, orders without a customer, odd lines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.imports.outcome import Outcome
from deals.imports.lines import Draft

#: Codes that shops use for what is not a product.
_CARRIAGE = frozenset({"POST", "DOT", "C2", "POSTAGE", "SHIPPING", "FREIGHT"})
_CHARGES = frozenset({"BANK CHARGES", "AMAZONFEE", "FEE", "CRUK"})
_MANUAL = frozenset({"M", "MANUAL", "ADJUST", "ADJUST2", "B"})
_OTHER = {"D": "discount", "S": "sample"}


def _kind(sku: str) -> str:
    """Carriage, charge, manual, discount, sample, test, or "" for a product."""
    code = sku.upper()
    if code in _CARRIAGE:
        return "carriage"
    if code in _CHARGES:
        return "charge"
    if code in _MANUAL:
        return "manual"
    return _OTHER.get(code) or ("test" if code.startswith("TEST") else "")


def is_test(sku: str) -> bool:
    return _kind(sku) == "test"


def texts() -> dict[str, str]:
    """The sentences, by code."""
    return {
        "returns": _(
            "orders are returns: their total is below zero, or their number is that of a credit note"
        ),
        "no_customer": _("orders name no customer: imported without one, seen by those who see all orders"),
        "no_customer_lines": _("lines stand in orders without a customer"),
        "two_times": _("orders have lines at different times: the earliest counts"),
        "zero_price": _(
            "lines have a price of zero (gifts, damaged or missing stock): they add nothing to a total"
        ),
        "negative_price": _("lines have a price below zero (adjustments): they lower the total"),
        "stock": _("lines take pieces away without being a return, at no price: corrections of the stock"),
        "carriage": _("lines are postage and carriage, not products: part of the order's total"),
        "charge": _(
            "lines are bank or market charges and donations, not products: part of the order's total"
        ),
        "manual": _("lines are manual entries and adjustments: part of the order's total"),
        "discount": _("lines are discounts: they lower the total"),
        "sample": _("lines are samples: part of the order's total"),
        "test": _("lines are tests of the shop and were left out"),
        "new_customer": _("customers were not there yet and were made from their number or name"),
        "rounded": _("orders have a total with more than two decimals: it is rounded, their lines are exact"),
    }


def tell(drafts: list[Draft], outcome: Outcome, returns: set[str]) -> None:
    """Count what is worth telling in these orders."""
    found: dict[str, int] = {}

    def add(code: str, number: int = 1) -> None:
        found[code] = found.get(code, 0) + number

    for draft in drafts:
        back = draft.number in returns
        if back:
            add("returns")
        if not any(draft.customer):
            add("no_customer")
            add("no_customer_lines", len(draft.lines))
        if len(draft.moments) > 1:
            add("two_times")
        if draft.amount != round(draft.amount, 2):
            add("rounded")
        for line in draft.lines:
            _tell_line(line, back, add)
    words = texts()
    for code, number in found.items():
        outcome.note(code, words[code], number)


def _tell_line(line: Any, back: bool, add: Any) -> None:
    if line.price == 0:
        add("zero_price")
        if line.quantity < 0 and not back:
            add("stock")
    elif line.price < 0:
        add("negative_price")
    kind = _kind(line.sku) if not line.sku[:1].isdigit() else ""
    if kind:
        add(kind)
