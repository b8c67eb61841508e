"""The import of orders; importing this module registers it."""

from deals.imports import orders

__all__ = ["orders"]
