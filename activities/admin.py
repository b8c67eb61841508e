"""Activities in the stock admin: to look things up; records are written through their pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from activities.models import Activity, Attachment, CadencePlan, CalendarLink, Task


class ReadOnlyAdmin(admin.ModelAdmin):
    """Business records keep their history and their versions only when services write them."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Activity)
class ActivityAdmin(ReadOnlyAdmin):
    list_display = ("heading", "kind", "direction", "at", "customer", "author", "deleted_at")
    list_filter = ("kind", "direction", ("deleted_at", admin.EmptyFieldListFilter))
    list_select_related = ("customer", "author")
    search_fields = ("subject", "customer__name")
    date_hierarchy = "at"

    @admin.display(description=_("subject"))
    def heading(self, activity: Activity) -> str:
        return activity.title


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "due_on", "priority", "assignee", "customer", "done_at", "deleted_at")
    list_filter = (
        "priority",
        "repeat",
        ("done_at", admin.EmptyFieldListFilter),
        ("deleted_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("customer", "assignee")
    search_fields = ("title", "customer__name")
    date_hierarchy = "due_on"


@admin.register(CadencePlan)
class CadencePlanAdmin(ReadOnlyAdmin):
    list_display = ("customer", "interval", "channel", "last_on", "next_on", "deleted_at")
    list_filter = ("interval", "channel")
    list_select_related = ("customer",)
    search_fields = ("customer__name",)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Names and sizes; the bytes are handed out by the download page alone."""

    list_display = ("name", "size", "content_type", "customer", "author", "created_at", "deleted_at")
    list_filter = ("content_type",)
    list_select_related = ("customer", "author")
    search_fields = ("name", "customer__name")
    exclude = ("file",)


@admin.register(CalendarLink)
class CalendarLinkAdmin(ReadOnlyAdmin):
    list_display = ("user", "name", "created_at", "last_used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    exclude = ("sha256",)
