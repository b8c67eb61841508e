from deals.models.order import Order, OrderLine

__all__ = ["Order", "OrderLine"]
