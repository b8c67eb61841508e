"""The sales settings, for whoever leads sales."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.constants import MANAGE_SALES
from core.models import ChangeSet
from core.views.generic import RecordUpdateView
from deals.forms.settings import SalesSettingsForm
from deals.models import SalesSettings
from deals.services.settings import update_settings


class SettingsUpdate(RecordUpdateView):
    model = SalesSettings
    form_class = SalesSettingsForm
    template_name = "deals/settings.html"

    def get_object(self) -> SalesSettings:
        if not self.request.user.has_perm(MANAGE_SALES):
            raise PermissionDenied
        return SalesSettings.load()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Before the first change there is no row, and no version to compare."""
        kwargs = super().get_form_kwargs()
        if self.object._state.adding:
            kwargs.pop("instance")
        return kwargs

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        return update_settings(data=form.values(), actor=self.request.user, expected_version=version)

    def get_success_url(self, result: Any) -> str:
        return reverse("deals:settings")

    def get_cancel_url(self) -> str:
        return reverse("deals:settings")
