from django.contrib import admin
from django.db import models

from customers.admin import LoggedAdmin
from deals.models import (
    ClosePlanStep,
    Competitor,
    DealCompetitor,
    DealContact,
    DealObjection,
    Objection,
    ObjectionAnswer,
    WinLossReview,
)


@admin.register(DealContact)
class DealContactAdmin(LoggedAdmin):
    list_display = ("contact", "deal", "role", "influence", "stance", "is_primary")
    list_filter = ("role", "influence", "stance")
    list_select_related = ("contact", "deal")
    search_fields = ("contact__name", "deal__name")
    autocomplete_fields = ("contact", "deal")


@admin.register(Competitor)
class CompetitorAdmin(LoggedAdmin):
    list_display = ("name", "website")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    search_fields = ("name",)


@admin.register(DealCompetitor)
class DealCompetitorAdmin(LoggedAdmin):
    list_display = ("competitor", "deal", "price", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("competitor", "deal")
    search_fields = ("competitor__name", "deal__name")
    autocomplete_fields = ("competitor", "deal")


@admin.register(Objection)
class ObjectionAdmin(LoggedAdmin):
    list_display = ("text", "category")
    search_fields = ("text", "category")


@admin.register(ObjectionAnswer)
class ObjectionAnswerAdmin(LoggedAdmin):
    list_display = ("__str__", "objection")
    list_select_related = ("objection",)
    search_fields = ("text", "objection__text")
    autocomplete_fields = ("objection",)


@admin.register(DealObjection)
class DealObjectionAdmin(LoggedAdmin):
    list_display = ("objection", "deal", "at", "by", "is_resolved")
    list_filter = ("is_resolved",)
    list_select_related = ("objection", "deal", "by")
    search_fields = ("objection__text", "deal__name")
    autocomplete_fields = ("objection", "answer", "deal", "by")


@admin.register(ClosePlanStep)
class ClosePlanStepAdmin(LoggedAdmin):
    list_display = ("title", "deal", "due_on", "side", "user", "contact", "done_on")
    list_filter = ("side",)
    list_select_related = ("deal", "user", "contact")
    search_fields = ("title", "deal__name")
    autocomplete_fields = ("deal", "user", "contact")


@admin.register(WinLossReview)
class WinLossReviewAdmin(LoggedAdmin):
    list_display = ("deal", "decided", "competitor", "reviewed_on", "reviewer")
    list_filter = ("decided",)
    list_select_related = ("deal", "competitor", "reviewer")
    search_fields = ("deal__name", "explanation", "quote", "lesson")
    autocomplete_fields = ("deal", "competitor", "source", "reviewer")
