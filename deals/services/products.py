"""Products, price books and prices: written by those who run sales."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.changes import change_set, refresh_with
from core.exceptions import RuleViolation
from core.models import ChangeSet
from core.text import cjk_spaced, fold, search_text
from deals.models import Price, PriceBook, Product

Kind = ChangeSet.Kind


def register() -> None:
    """Called once when the app is ready."""
    refresh_with(Product, refresh_products)


def derived(product: Product) -> dict[str, str]:
    """Sort key and searched text."""
    return {
        "sort_name": fold(product.name)[:200],
        "search_text": cjk_spaced(search_text(product.name, product.sku, product.category)),
    }


def refresh_products(ids: set[int]) -> None:
    """Recompute the derived columns of these products; writes only what differs."""
    changed = []
    for product in Product._base_manager.filter(pk__in=ids).order_by("pk"):
        values = derived(product)
        if any(getattr(product, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(product, name, value)
            changed.append(product)
    Product._base_manager.bulk_update(changed, ["sort_name", "search_text"], batch_size=200)


def create_product(*, values: Mapping[str, Any], actor: Any) -> Product:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        product = log.create(Product(**values))
    product.refresh_from_db()
    return product


def update_product(
    product: Product, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(product, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def create_price_book(*, values: Mapping[str, Any], actor: Any) -> PriceBook:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return log.create(PriceBook(**values))


def update_price_book(
    book: PriceBook, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    """Change a price book. Prices are written in its currency, so that stays once there are any."""
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        moved = values.get("currency", book.currency) != book.currency
        if moved and Price.objects.alive().filter(price_book=book).exists():
            raise RuleViolation(
                _("The prices of this book are in its currency: make another book."), field="currency"
            )
        log.update(book, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def set_price(
    book: PriceBook, *, values: Mapping[str, Any], actor: Any, price: Price | None = None,
    expected_version: int | None = None,
) -> ChangeSet | None:  # fmt: skip
    """Add a price to a book, or change one of its prices."""
    with change_set(kind=Kind.EDIT if price else Kind.CREATE, actor=actor) as log:
        if price is None:
            log.create(Price(price_book=book, **values))
        else:
            log.update(price, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def trash(record: Product | PriceBook | Price, *, actor: Any) -> ChangeSet:
    """Move to the trash. Lines keep what was written on them; prices of a trashed product or book are
    not offered any more and come back with it."""
    with change_set(kind=Kind.TRASH, actor=actor) as log:
        log.trash(record)
    return log.row


def restore(record: Product | PriceBook | Price, *, actor: Any) -> ChangeSet:
    with change_set(kind=Kind.RESTORE, actor=actor) as log:
        log.restore(record)
    return log.row
