from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from deals.models import Order, OrderLine


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    extra = 0
    can_delete = False
    readonly_fields = ("position", "sku", "description", "quantity", "unit_price", "total")

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    """Read-only: orders come from imports, and their history is kept by the change log."""

    list_display = ("number", "customer", "ordered_at", "total", "currency", "is_return", "channel")
    list_filter = ("is_return", "currency", ("ordered_at", admin.DateFieldListFilter))
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name")
    date_hierarchy = None
    show_full_result_count = False
    ordering = ("-ordered_at", "-pk")
    inlines = [OrderLineInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Order._base_manager.all()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(OrderLine)
class OrderLineAdmin(admin.ModelAdmin):
    list_display = ("order", "position", "sku", "description", "quantity", "total")
    list_select_related = ("order",)
    search_fields = ("sku", "description", "order__number")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
