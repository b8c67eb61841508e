from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from deals.models import CloseDateChange, Deal, DealFavourite, DealStageChange


class ReadOnlyAdmin(admin.ModelAdmin):
    """What is written through the change log only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Deal)
class DealAdmin(ReadOnlyAdmin):
    list_display = (
        "name",
        "customer",
        "stage",
        "amount",
        "currency",
        "expected_close_on",
        "owner",
        "deleted_at",
    )
    list_filter = ("status", "forecast_category", "pipeline")
    list_select_related = ("customer", "stage", "owner")
    search_fields = ("name", "external_id", "customer__name")
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Deal._base_manager.all()


@admin.register(DealStageChange)
class DealStageChangeAdmin(ReadOnlyAdmin):
    list_display = ("deal", "from_stage", "to_stage", "at", "by", "reason")
    list_select_related = ("deal", "from_stage", "to_stage", "by")
    search_fields = ("deal__name",)
    ordering = ("-pk",)


@admin.register(CloseDateChange)
class CloseDateChangeAdmin(ReadOnlyAdmin):
    list_display = ("deal", "from_date", "to_date", "at", "by")
    list_select_related = ("deal", "by")
    search_fields = ("deal__name",)
    ordering = ("-pk",)


@admin.register(DealFavourite)
class DealFavouriteAdmin(admin.ModelAdmin):
    list_display = ("user", "deal", "created_at")
    list_select_related = ("user", "deal")
    raw_id_fields = ("user", "deal")
    search_fields = ("deal__name", "user__name")
    show_full_result_count = False
