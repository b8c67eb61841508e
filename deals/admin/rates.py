from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin import LoggedAdmin
from deals.models import ExchangeRate, ForecastSnapshot


@admin.register(ExchangeRate)
class ExchangeRateAdmin(LoggedAdmin):
    list_display = ("currency", "base", "on", "rate", "source", "deleted_at")
    list_filter = ("currency", "base")
    search_fields = ("currency", "source")
    ordering = ("-on", "currency", "-pk")


@admin.register(ForecastSnapshot)
class ForecastSnapshotAdmin(admin.ModelAdmin):
    """Read-only: what was said on a day is never changed."""

    list_display = (
        "taken_on",
        "month",
        "pipeline",
        "owner",
        "team",
        "category",
        "deals",
        "amount",
        "currency",
    )
    list_filter = ("category", "pipeline")
    list_select_related = ("pipeline", "owner", "team")
    search_fields = ("owner__name", "team__name", "pipeline__name")
    show_full_result_count = False
    ordering = ("-taken_on", "month", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
