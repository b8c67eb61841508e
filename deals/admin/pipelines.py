from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin import LoggedAdmin
from deals.models import LostReason, Pipeline, Stage


class _Listed(LoggedAdmin):
    """Deals point at these: the product's own pages take them away, with a place for their deals."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Pipeline)
class PipelineAdmin(_Listed):
    list_display = ("name", "position", "is_default", "is_active", "deleted_at")
    list_filter = ("is_active",)
    search_fields = ("name",)
    ordering = ("position", "pk")


@admin.register(Stage)
class StageAdmin(_Listed):
    list_display = ("name", "pipeline", "kind", "position", "probability", "rotting_days", "deleted_at")
    list_filter = ("kind", "pipeline")
    list_select_related = ("pipeline",)
    search_fields = ("name",)
    ordering = ("pipeline", "position", "pk")


@admin.register(LostReason)
class LostReasonAdmin(_Listed):
    list_display = ("name", "parent", "requires_note", "position", "deleted_at")
    list_filter = ("requires_note",)
    list_select_related = ("parent",)
    search_fields = ("name",)
    ordering = ("position", "pk")
