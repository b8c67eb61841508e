"""The stock admin of people and access.

Whatever has rules is changed on the product's own pages, where the rules are; here one looks,
and edits what has none. Nothing here gives anybody more rights.
"""

from __future__ import annotations

from typing import Any

from allauth.account import admin as _account_admin  # noqa: F401  registers what we take off below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa import admin as _mfa_admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as _sessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth import admin as _auth_admin  # noqa: F401
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    AuditEntry,
    Notification,
    NotificationPreference,
    Organisation,
    Team,
    User,
    VisibilityRule,
)
from accounts.services import people, teams
from accounts.services.settings import update_organisation
from core.admin import ReadOnlyAdmin
from core.exceptions import RuleViolation

# Secrets, second ways in, and permissions that this product does not use.
for _model in (Authenticator, UserSession, EmailAddress, EmailConfirmation, Group):
    if admin.site.is_registered(_model):
        admin.site.unregister(_model)

# One way in: with its throttle, its second step and its log.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _change_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return redirect("account_change_password")


admin.site.password_change = _change_password  # type: ignore[assignment]
admin.site.site_header = admin.site.site_title = "Guanxi"
admin.site.index_title = _("Data, for administrators")


def _actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class PreferenceInline(admin.TabularInline):
    model = NotificationPreference
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("name", "email", "role", "team", "is_active", "last_login")
    list_filter = ("role", "is_active", "team", "language")
    list_select_related = ("team",)
    search_fields = ("name", "email")
    autocomplete_fields = ("team",)
    fields = (
        "name",
        "email",
        "role",
        "is_active",
        "rights",
        "team",
        "language",
        "time_zone",
        "theme",
        "density",
        "date_joined",
        "last_login",
    )
    # Who may do what is decided in one place, with its rules and its log.
    readonly_fields = ("email", "role", "is_active", "rights", "date_joined", "last_login")
    inlines = (PreferenceInline,)

    @admin.display(description=_("Rights"))
    def rights(self, person: User) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("accounts:user_update", args=[person.pk]),
            _("Change e-mail, role or state"),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people are invited

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # people are deactivated: their history stays

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        values = {
            name: form.cleaned_data[name]
            for name in ("name", "team", "language", "time_zone")
            if name in form.cleaned_data
        }
        people.update_person(person=obj, values=values, actor=_actor(request))
        User.objects.filter(pk=obj.pk).update(theme=obj.theme, density=obj.density)


class MemberInline(admin.TabularInline):
    model = User
    fields = ("name", "email", "role", "is_active")
    readonly_fields = fields
    extra = max_num = 0
    can_delete = False
    show_change_link = True


class TeamForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.instance.pk and values.get("parent"):
            try:
                teams.check_parent(team=self.instance, parent=values["parent"])
            except RuleViolation as error:
                self.add_error("parent", error.message)
        return values


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    form = TeamForm
    list_display = ("name", "parent", "members_count")
    list_select_related = ("parent",)
    search_fields = ("name",)
    autocomplete_fields = ("parent",)
    inlines = (MemberInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).annotate(number=Count("members"))

    @admin.display(description=_("people"), ordering="number")
    def members_count(self, team: Any) -> int:
        return team.number

    def save_model(self, request: HttpRequest, obj: Team, form: Any, change: bool) -> None:
        actor = _actor(request)
        if change:
            teams.update_team(team=obj, name=obj.name, parent=obj.parent, actor=actor)
        else:
            obj.pk = teams.create_team(name=obj.name, parent=obj.parent, actor=actor).pk


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "base_currency", "time_zone", "language", "vocabulary", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        update_organisation(values=form.cleaned_data, actor=_actor(request))


@admin.register(VisibilityRule)
class VisibilityRuleAdmin(ReadOnlyAdmin):
    list_display = ("role", "kind", "view", "edit")
    list_filter = ("role", "kind")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "act", "subject", "actor", "ip")
    list_filter = ("act", "at")
    list_select_related = ("subject", "actor")
    search_fields = ("subject__name", "subject__email", "actor__name", "actor__email", "ip")
    date_hierarchy = "at"


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "kind", "message", "read_at", "mailed_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "text")


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(admin.ModelAdmin):
    list_display = ("user", "kind", "in_app", "digest")
    list_filter = ("kind", "in_app", "digest")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
