"""Products: the list, search, the trash, and the derived columns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core import history
from core.lists import ListSpec
from core.lists import register as register_list
from core.search_registry import Action, Searchable, register_action
from core.search_registry import register as register_search
from core.trash import TrashKind, register_trash
from deals.filters.products import ProductFilters
from deals.models import Price, PriceBook, Product
from deals.services import products
from deals.tables.products import PRODUCTS


def _note(row: dict[str, Any]) -> str:
    return " · ".join(part for part in (row["sku"], row["category"]) if part)


def _prices(book: Any) -> Any:
    return Price._base_manager.filter(price_book=book.pk)


def register() -> None:
    """Called once."""
    products.register()
    history.register_part("deals.pricebook", _prices)
    register_list(
        ListSpec("products", Product, PRODUCTS, ProductFilters, "deals:product_list", today, _("Products"))
    )
    register_search(
        Searchable(
            "products", _("Products"), Product, "cube", "deals:product_detail",
            lambda rows, text: rows.search(text), fields=("name", "sku", "category"), note=_note,
            order=("sort_name", "pk"), list_url="deals:product_list", position=45,
        )
    )  # fmt: skip
    register_action(Action(_("Go to products"), "deals:product_list", "cube", "deals.view_product", 36))
    register_trash(TrashKind("products", _("Products"), Product, products.restore))
    register_trash(TrashKind("price_books", _("Price books"), PriceBook, products.restore))
