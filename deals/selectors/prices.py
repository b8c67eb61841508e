"""What a product costs: from which price book, at which quantity, on which day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q

from deals.models import Price, PriceBook, Product

Steps = list[tuple[Decimal, Decimal]]  # (from quantity, unit price), lowest quantity first
FOUR = Decimal("0.0001")


def books_on(day: date, currency: str) -> Any:
    """The price books of a currency in force on a day, the default one first."""
    rows = PriceBook.objects.alive().filter(currency=currency, is_active=True)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    going = Q(valid_until__isnull=True) | Q(valid_until__gte=day)
    return rows.filter(begun, going).order_by("-is_default", "name", "pk")


class PriceList:
    """Prices of some products in one currency on one day, read with two queries.

    A price book that was chosen wins where it has a price for the product; otherwise the default
    book of the currency answers. Other books are for those they were made for.
    """

    def __init__(
        self, products: Iterable[int], currency: str, day: date, price_book: PriceBook | None = None
    ) -> None:
        books = [
            book.pk
            for book in books_on(day, currency)
            if book.is_default or (price_book is not None and book.pk == price_book.pk)
        ]
        chosen = price_book.pk if price_book is not None else None
        self._order = sorted(books, key=lambda pk: pk != chosen)
        self._steps: dict[tuple[int, int], Steps] = defaultdict(list)
        wanted = list(set(products))
        if not (wanted and books):
            return
        rows = Price.objects.alive().filter(price_book__in=books, product__in=wanted)
        for book, product, *step in rows.order_by("min_quantity", "pk").values_list(
            "price_book", "product", "min_quantity", "unit_price"
        ):
            self._steps[book, product].append((step[0], step[1]))

    def unit_price(self, product: int, quantity: Decimal) -> Decimal | None:
        """What one unit costs at this quantity; None where no book says."""
        for book in self._order:
            reached = [price for least, price in self._steps.get((book, product), ()) if least <= quantity]
            if reached:
                return reached[-1]
        return None


def price_for(
    product: Product,
    currency: str,
    quantity: Decimal,
    day: date,
    price_book: PriceBook | None = None,
) -> Decimal | None:
    """The unit price of one product; None where no price book in force has one."""
    return PriceList([product.pk], currency, day, price_book).unit_price(product.pk, quantity)


def unit_cost(product: Product, currency: str, rates: Any, day: date) -> Decimal | None:
    """What one unit costs us, in the currency of the deal; None where it or a rate is unknown."""
    if product.cost is None or product.cost_currency == currency:
        return product.cost
    ours, theirs = rates.on(product.cost_currency, day), rates.on(currency, day)
    if ours is None or theirs is None:
        return None
    return (product.cost * ours / theirs).quantize(FOUR, rounding=ROUND_HALF_UP)
