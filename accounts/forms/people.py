"""Forms about people and teams, for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.constants import Role
from accounts.forms.widgets import LongSelect
from accounts.models import Team, User
from accounts.zones import zone_choices

AS_ORGANISATION = ("", _("As the organisation"))


def _languages() -> list[tuple[str, Any]]:
    return [AS_ORGANISATION, *settings.LANGUAGES]


def optional_zones() -> list[Any]:
    """Time zones, with the organisation's own first."""
    return [AS_ORGANISATION, *zone_choices()]


class PersonForm(forms.ModelForm):
    """What an administrator may change about somebody."""

    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=optional_zones, required=False, widget=LongSelect
    )

    class Meta:
        model = User
        fields = ("name", "email", "role", "team", "language", "time_zone")
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }

    def _post_clean(self) -> None:
        """The service validates the person; the form only gathers what was typed."""


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("The invitation goes here. It works once, within seven days."),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.SALES)
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.order_by("name", "pk")  # type: ignore[attr-defined]


class HeirForm(forms.Form):
    """Who gets the records of somebody who leaves."""

    heir = forms.ModelChoiceField(
        label=_("Hand the records to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody for now: the records keep their owner"),
    )

    def __init__(self, *args: Any, person: User, required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["heir"]
        field.required = required
        field.queryset = (  # type: ignore[attr-defined]
            User.objects.filter(is_active=True)
            .exclude(pk=person.pk)
            .exclude(role=Role.ANALYST)
            .order_by("name", "pk")
        )
        if required:
            field.empty_label = None  # type: ignore[attr-defined]


class TeamForm(forms.ModelForm):
    """Name and place of a team."""

    class Meta:
        model = Team
        fields = ("name", "parent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = Team.objects.order_by("name", "pk")
        if self.instance.pk:
            parents = parents.exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = _("Nothing: it stands at the top")  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service validates the team; the form only gathers what was typed."""


class NewPasswordForm(forms.Form):
    """The name and the first password of somebody who was invited."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters. A sentence only you would say is a good one."),
    )
    repeat = forms.CharField(
        label=_("Password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """Both passwords agree and are hard to guess."""
        values = super().clean() or {}
        password, repeat = values.get("password"), values.get("repeat")
        if password and repeat and password != repeat:
            self.add_error("repeat", _("The two passwords differ."))
        elif password:
            person = User(email=self.person.email, name=values.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values


class AccessQuestionForm(forms.Form):
    """Whose view to look at, and perhaps at which record."""

    person = forms.ModelChoiceField(label=pgettext_lazy("colleague", "Person"), queryset=User.objects.none())
    record = forms.CharField(
        label=_("Record"),
        required=False,
        max_length=300,
        help_text=_("The address of its page, or its kind and number, such as: customer 12"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.order_by("-is_active", "name", "pk")  # type: ignore[attr-defined]
