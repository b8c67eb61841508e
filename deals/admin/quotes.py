from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from deals.models import DealLine, NumberSeries, Quote, QuoteLine


class LookedAt(admin.ModelAdmin):
    """Read-only: these are written together with the sums and checks that belong to them."""

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model._base_manager.order_by(*self.get_ordering(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Quote)
class QuoteAdmin(LookedAt):
    list_display = (
        "number", "revision", "deal", "status", "quoted_on", "valid_until", "total", "currency", "deleted_at",
    )  # fmt: skip
    list_filter = ("status", "currency", ("quoted_on", admin.DateFieldListFilter))
    list_select_related = ("deal",)
    search_fields = ("number", "title", "deal__name")
    ordering = ("-quoted_on", "-pk")


@admin.register(QuoteLine)
class QuoteLineAdmin(LookedAt):
    list_display = ("quote", "position", "description", "quantity", "unit_price", "net", "deleted_at")
    list_select_related = ("quote",)
    search_fields = ("description", "quote__number")
    ordering = ("-pk",)


@admin.register(DealLine)
class DealLineAdmin(LookedAt):
    list_display = ("deal", "position", "description", "quantity", "unit_price", "net", "deleted_at")
    list_select_related = ("deal",)
    search_fields = ("description", "deal__name")
    ordering = ("-pk",)


@admin.register(NumberSeries)
class NumberSeriesAdmin(LookedAt):
    list_display = ("key", "last")
    search_fields = ("key",)
    ordering = ("key",)
