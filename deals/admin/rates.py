from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin import LoggedAdmin
from deals.models import ExchangeRate, ForecastSnapshot, StoredResult


@admin.register(ExchangeRate)
class ExchangeRateAdmin(LoggedAdmin):
    list_display = ("currency", "base", "on", "rate", "source", "deleted_at")
    list_filter = ("currency", "base")
    search_fields = ("currency", "source")
    ordering = ("-on", "currency", "-pk")


class ReadOnlyAdmin(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StoredResult)
class StoredResultAdmin(ReadOnlyAdmin):
    """What was worked out in the background."""

    list_display = ("key", "rows", "computed_at")
    search_fields = ("key",)
    ordering = ("key",)


@admin.register(ForecastSnapshot)
class ForecastSnapshotAdmin(ReadOnlyAdmin):
    """What was said on a day is never changed."""

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
    ordering = ("-taken_on", "month", "pk")
