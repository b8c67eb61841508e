from django.contrib import admin

from customers.admin import LoggedAdmin
from deals.models import ImprovementAction, PlanLine, SalesSettings, Target


@admin.register(Target)
class TargetAdmin(LoggedAdmin):
    list_display = (
        "metric",
        "period",
        "starts_on",
        "value",
        "currency",
        "owner",
        "team",
        "channel",
        "segment",
    )
    list_filter = ("metric", "period")
    list_select_related = ("owner", "team")
    search_fields = ("owner__name", "team__name", "channel", "segment", "note")
    autocomplete_fields = ("owner", "team")
    ordering = ("-starts_on", "metric", "-pk")


@admin.register(PlanLine)
class PlanLineAdmin(LoggedAdmin):
    list_display = ("activity", "target", "starts_on", "ends_on", "budget", "responsible", "done_on")
    list_select_related = ("target", "responsible")
    search_fields = ("activity", "channel")
    autocomplete_fields = ("target", "responsible")


@admin.register(ImprovementAction)
class ImprovementActionAdmin(LoggedAdmin):
    list_display = ("cause", "action", "target", "responsible", "due_on", "state")
    list_filter = ("state",)
    list_select_related = ("target", "responsible")
    search_fields = ("cause", "action", "result")
    autocomplete_fields = ("target", "responsible")


@admin.register(SalesSettings)
class SalesSettingsAdmin(LoggedAdmin):
    list_display = ("__str__", "goal_factor", "quote_valid_days", "quote_reminder_days")
    search_fields = ("quote_terms",)
