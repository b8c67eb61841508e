"""The stock admin of core: the logs are for reading only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.models import (
    Change,
    ChangeSet,
    CustomField,
    ExportLog,
    ImportMapping,
    ImportRow,
    ImportRun,
    Job,
    RecentRecord,
    SavedView,
    SharedLink,
)


class ReadOnlyAdmin(admin.ModelAdmin):
    """For what is looked at but never written by hand."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(admin.TabularInline):
    """Parts of a log entry."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FirstRowsInline(ReadOnlyInline):
    """The first hundred parts: an import has half a million, and nobody reads them here."""

    LIMIT = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        rows = super().get_queryset(request)
        parent = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        name = self.fk_name or ""
        first = rows.filter(**{f"{name}_id": parent}).order_by("pk").values_list("pk", flat=True)
        return rows.filter(pk__in=list(first[: self.LIMIT]))


class ChangeInline(FirstRowsInline):
    model = Change
    fk_name = "change_set"
    fields = ("model", "object_id", "before", "after", "version")


class ImportRowInline(FirstRowsInline):
    model = ImportRow
    fk_name = "run"
    fields = ("number", "outcome", "reason", "trial")


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "actor", "reason", "total")
    list_filter = ("kind", "at")
    list_select_related = ("actor",)
    search_fields = ("reason", "actor__name", "actor__email")
    search_help_text = _("Reason, or name or e-mail of the person")
    date_hierarchy = "at"
    inlines = (ChangeInline,)


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    list_display = ("pk", "model", "object_id", "version", "change_set")
    list_filter = ("model",)
    list_select_related = ("change_set",)
    search_fields = ("=object_id",)
    search_help_text = _("Number of the record")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("pk", "kind", "state", "percent", "requested_by", "created_at", "ended_at", "attempts")
    list_filter = ("state", "kind", "created_at")
    list_select_related = ("requested_by",)
    search_fields = ("kind", "message", "error", "requested_by__name", "requested_by__email")

    @admin.display(description=_("%"))
    def percent(self, job: Job) -> int | None:
        return job.percent


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("filename", "target", "state", "size", "created_by", "created_at")
    list_filter = ("state", "target", "created_at")
    list_select_related = ("created_by",)
    search_fields = ("filename", "created_by__name", "created_by__email")
    # The file itself is opened on the page of the import, which asks who may see it.
    exclude = ("file", "token")
    inlines = (ImportRowInline,)


@admin.register(ImportMapping)
class ImportMappingAdmin(ReadOnlyAdmin):
    list_display = ("name", "target", "created_by")
    list_filter = ("target",)
    list_select_related = ("created_by",)
    search_fields = ("name",)


@admin.register(ExportLog)
class ExportLogAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "page", "kind", "rows", "expires_at")
    list_filter = ("page", "kind", "at")
    list_select_related = ("user",)
    search_fields = ("page", "user__name", "user__email")
    date_hierarchy = "at"


@admin.register(RecentRecord)
class RecentRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "user", "model", "object_id")
    list_filter = ("model",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    list_display = ("name", "page", "owner", "shared", "is_default")
    list_filter = ("page", "shared")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__name", "owner__email")


@admin.register(CustomField)
class CustomFieldAdmin(admin.ModelAdmin):
    list_display = ("label", "model", "key", "kind", "required", "position", "archived")
    list_filter = ("model", "kind", "required", "archived")
    search_fields = ("label", "key")
    ordering = ("model", "position", "pk")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Values stand under the key and in the shape of the kind: both are fixed once made.
        return ("model", "key", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # archive it: deleting would strand the values


@admin.register(SharedLink)
class SharedLinkAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "object_id", "created_by", "created_at", "expires_at", "revoked_at")
    list_filter = ("purpose",)
    list_select_related = ("created_by",)
    search_fields = ("purpose", "created_by__name", "created_by__email")
    # What is signed stays out of every page.
    exclude = ("nonce",)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag")
    list_filter = ("action_flag", "content_type")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__name", "user__email")
    date_hierarchy = "action_time"
