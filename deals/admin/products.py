from django.contrib import admin

from customers.admin import LoggedAdmin
from deals.models import Price, PriceBook, Product


@admin.register(Product)
class ProductAdmin(LoggedAdmin):
    list_display = ("name", "sku", "category", "tax_percent", "recurring_period", "is_active", "deleted_at")
    list_filter = ("is_active", "recurring_period")
    search_fields = ("name", "sku", "category")
    ordering = ("sort_name", "pk")


@admin.register(PriceBook)
class PriceBookAdmin(LoggedAdmin):
    list_display = ("name", "currency", "is_default", "valid_from", "valid_until", "is_active", "deleted_at")
    list_filter = ("is_active", "is_default", "currency")
    search_fields = ("name",)
    ordering = ("name", "pk")


@admin.register(Price)
class PriceAdmin(LoggedAdmin):
    list_display = ("product", "price_book", "min_quantity", "unit_price", "deleted_at")
    list_select_related = ("product", "price_book")
    autocomplete_fields = ("product", "price_book")
    search_fields = ("product__name", "product__sku", "price_book__name")
    ordering = ("price_book", "product", "min_quantity", "pk")
