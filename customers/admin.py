"""The stock admin for this app's records: writes go through the change log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from core.changes import ChangeLog, change_set
from core.models import ChangeSet
from customers import models
from customers.services.methods import clean_method
from customers.services.stages import enter_funnel

BOOKKEEPING = ("created_at", "updated_at", "version", "deleted_at", "origin")


class LoggedAdmin(admin.ModelAdmin):
    """Saves and deletes through the change log, so that history and Undo know of it."""

    readonly_fields: ClassVar[tuple[str, ...]] = BOOKKEEPING
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return self.model._base_manager.order_by(*self.get_ordering(request))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        many = {f.name for f in obj._meta.many_to_many}
        if not change:
            with change_set(kind=ChangeSet.Kind.CREATE, actor=request.user, reason="admin") as log:
                log.create(obj)
                self.after_create(obj, log)
            return
        values = {n: form.cleaned_data[n] for n in form.changed_data if n in form.cleaned_data}
        with change_set(kind=ChangeSet.Kind.EDIT, actor=request.user, reason="admin") as log:
            log.update(obj, {n: v for n, v in values.items() if n not in many})

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        many = {f.name for f in form.instance._meta.many_to_many} & set(form.changed_data)
        if many:
            with change_set(kind=ChangeSet.Kind.EDIT, actor=request.user, reason="admin") as log:
                log.update(form.instance, {name: form.cleaned_data[name] for name in many})
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        with change_set(kind=ChangeSet.Kind.EDIT, actor=request.user, reason="admin") as log:
            for row in formset.new_objects:
                log.create(row)
            for row, names in formset.changed_objects:
                # The form may have set derived columns (a method's key) beside what was typed.
                derived = [n for n in ("key",) if hasattr(row, n)]
                log.update(row, {name: getattr(row, name) for name in [*names, *derived]})
            for row in formset.deleted_objects:
                log.trash(row)

    def after_create(self, obj: Any, log: ChangeLog) -> None:
        """What else a new row needs, in the same change set."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with change_set(kind=ChangeSet.Kind.TRASH, actor=request.user, reason="admin") as log:
            log.trash(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with change_set(kind=ChangeSet.Kind.TRASH, actor=request.user, reason="admin") as log:
            for obj in queryset:
                log.trash(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing else goes: deleting moves to the trash."""
        names = [str(obj) for obj in objs]
        return names, {self.opts.verbose_name_plural: len(names)}, set(), []


class LoggedInline(admin.TabularInline):
    extra = 0
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(deleted_at=None)


class MethodInlineForm(ModelForm):
    class Meta:
        model = models.ContactMethod
        fields = ("kind", "value", "label", "primary")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") and cleaned.get("value"):
            from core.exceptions import RuleViolation

            try:
                cleaned["value"], self.instance.key = clean_method(cleaned["kind"], cleaned["value"])
            except RuleViolation as error:
                self.add_error("value", error.message)
        return cleaned


class MethodInline(LoggedInline):
    model = models.ContactMethod
    form = MethodInlineForm


class MembershipInline(LoggedInline):
    model = models.Membership
    fields = ("contact", "customer", "role", "since", "until", "primary")
    autocomplete_fields = ("contact", "customer")


@admin.register(models.Customer)
class CustomerAdmin(LoggedAdmin):
    list_display = ("name", "kind", "stage", "owner", "team", "city", "country", "updated_at", "deleted_at")
    list_select_related = ("stage", "owner", "team")
    list_filter = ("kind", "stage", "owner", "team", "source", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "domain", "external_id", "search_text")
    autocomplete_fields = ("parent", "referred_by", "source", "tags")
    raw_id_fields = ("owner", "team", "collaborators")
    inlines = (MethodInline, MembershipInline)
    readonly_fields = (*BOOKKEEPING, "stage_since", "merged_into", *sorted(models.Customer.OWNED))

    def after_create(self, obj: Any, log: ChangeLog) -> None:
        enter_funnel([obj], log=log)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # A move through the funnel is a row of its own; the product's pages make it.
        return (*self.readonly_fields, "stage") if obj else self.readonly_fields


@admin.register(models.Contact)
class ContactAdmin(LoggedAdmin):
    list_display = ("name", "job_title", "owner", "team", "updated_at", "deleted_at")
    list_select_related = ("owner", "team")
    list_filter = ("owner", "team", "buying_role", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("name", "job_title", "external_id", "search_text")
    autocomplete_fields = ("reports_to", "tags")
    raw_id_fields = ("owner", "team")
    inlines = (MethodInline, MembershipInline)
    readonly_fields = (*BOOKKEEPING, "last_contacted_at", "merged_into")


class ReadOnlyAdmin(admin.ModelAdmin):
    """Looked at here, written elsewhere."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.ContactMethod)
class ContactMethodAdmin(ReadOnlyAdmin):
    list_display = ("value", "kind", "customer", "contact", "primary", "opted_out_at", "deleted_at")
    list_select_related = ("customer", "contact")
    list_filter = ("kind", "primary", ("opted_out_at", admin.EmptyFieldListFilter))
    search_fields = ("value", "key")


@admin.register(models.Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("purpose", "customer", "contact", "basis", "given_at", "withdrawn_at", "source")
    list_select_related = ("customer", "contact")
    list_filter = ("purpose", "basis", ("withdrawn_at", admin.EmptyFieldListFilter))
    search_fields = ("customer__name", "contact__name", "source")
    date_hierarchy = "given_at"


@admin.register(models.Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("contact", "customer", "role", "since", "until", "primary", "deleted_at")
    list_select_related = ("customer", "contact")
    search_fields = ("customer__name", "contact__name", "role")


@admin.register(models.Relation)
class RelationAdmin(ReadOnlyAdmin):
    list_display = ("contact", "kind", "other", "note", "deleted_at")
    list_select_related = ("contact", "other")
    list_filter = ("kind",)
    search_fields = ("contact__name", "other__name")


@admin.register(models.ImportantDate)
class ImportantDateAdmin(ReadOnlyAdmin):
    list_display = ("label", "contact", "on", "yearly", "deleted_at")
    list_select_related = ("contact",)
    search_fields = ("label", "contact__name")


@admin.register(models.StageChange)
class StageChangeAdmin(ReadOnlyAdmin):
    list_display = ("customer", "from_stage", "to_stage", "at", "by", "reason", "seconds")
    list_select_related = ("customer", "from_stage", "to_stage", "by")
    list_filter = ("to_stage",)
    search_fields = ("customer__name", "reason")
    date_hierarchy = "at"


@admin.register(models.DuplicatePair, models.DuplicateContactPair)
class DuplicatePairAdmin(ReadOnlyAdmin):
    list_display = ("first", "second", "score", "state", "decided_by")
    list_select_related = ("first", "second", "decided_by")
    list_filter = ("state",)
    search_fields = ("first__name", "second__name")


@admin.register(models.Favourite)
class FavouriteAdmin(ReadOnlyAdmin):
    list_display = ("user", "customer", "contact", "created_at")
    list_select_related = ("user", "customer", "contact")
    search_fields = ("user__name", "customer__name", "contact__name")


@admin.register(models.Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "colour")
    search_fields = ("name",)


@admin.register(models.Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(models.LifecycleStage)
class LifecycleStageAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "position", "guidance")
    list_editable = ("position",)
    list_filter = ("kind",)
    search_fields = ("name",)
