"""Imports of customers and contacts; importing this module registers them."""

from customers.imports import contacts, customers

__all__ = ["contacts", "customers"]
