"""The imports of sales; importing this module registers them."""

from deals.imports import deals, orders, products, rates

__all__ = ["deals", "orders", "products", "rates"]
