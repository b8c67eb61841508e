"""Forms about oneself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.people import AS_ORGANISATION, optional_zones
from accounts.forms.widgets import LongSelect
from accounts.models import User
from accounts.models.notification import NotificationKind


class ProfileForm(forms.ModelForm):
    """One's own name and preferences. Role, team and e-mail are the administrators' business."""

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [AS_ORGANISATION, *settings.LANGUAGES],
        required=False,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=optional_zones,
        widget=LongSelect,
        required=False,
        help_text=_("Times are shown in it. What is due today follows the organisation's day."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "density")
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class NotificationPreferencesForm(forms.Form):
    """Two boxes for each kind: under the bell, in the daily e-mail."""

    def __init__(self, *args: Any, preferences: dict[str, tuple[bool, bool]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in NotificationKind:
            in_app, digest = preferences[kind]
            self._add(f"{kind}-in_app", in_app, _("Under the bell: %(kind)s"), kind)
            self._add(f"{kind}-digest", digest, _("In the daily e-mail: %(kind)s"), kind)

    def _add(self, name: str, initial: bool, label: Any, kind: NotificationKind) -> None:
        label = label % {"kind": kind.label}
        self.fields[name] = forms.BooleanField(
            required=False,
            initial=initial,
            label=label,
            widget=forms.CheckboxInput(attrs={"aria-label": label, "class": "form-check-input"}),
        )

    def rows(self) -> list[dict[str, Any]]:
        """What the table draws: a row for each kind."""
        return [
            {
                "label": kind.label,
                "in_app": self[f"{kind}-in_app"],
                "digest": self[f"{kind}-digest"],
            }
            for kind in NotificationKind
        ]

    def choices(self) -> dict[str, tuple[bool, bool]]:
        """The answers as the service takes them."""
        data = self.cleaned_data
        return {kind.value: (data[f"{kind}-in_app"], data[f"{kind}-digest"]) for kind in NotificationKind}
