"""Forms of the organisation: settings, visibility, first start."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.constants import Kind, Level, Role
from accounts.forms.people import NewPasswordForm
from accounts.forms.widgets import LongSelect
from accounts.models import Organisation, User
from accounts.vocabulary import kind_label
from accounts.zones import zone_choices
from core.money import currency_choices


class OrganisationForm(forms.ModelForm):
    """All settings of the organisation in one page."""

    base_currency = forms.ChoiceField(
        label=_("Base currency"),
        choices=currency_choices,
        widget=LongSelect,
        help_text=_("Totals are shown in it. Amounts keep the currency they were entered in."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        widget=LongSelect,
        help_text=_("A day begins and ends here, wherever people read. It decides what is due today."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For people who have not chosen one, and for mails to them."),
    )
    country = forms.CharField(
        label=_("Country of telephone numbers"),
        max_length=2,
        required=False,
        help_text=_("Two letters, such as DE or CN, for numbers written without + and country code."),
    )
    fiscal_year_start = forms.TypedChoiceField(
        label=_("The fiscal year begins in"), choices=lambda: MONTHS.items(), coerce=int
    )

    class Meta:
        model = Organisation
        fields = (
            "name",
            "vocabulary",
            "base_currency",
            "time_zone",
            "language",
            "country",
            "fiscal_year_start",
            "retention_months",
        )
        help_texts = {
            "vocabulary": _("What the people and companies you serve are called on every page."),
            "retention_months": _(
                "Leave it empty to keep records until somebody deletes them. With a number, people"
                " without any contact for so many months are listed for erasure in the nightly"
                " run. Nothing is erased by itself: an administrator confirms each list."
            ),
        }

    def clean_country(self) -> str:
        """Only a country whose numbering plan is known."""
        code = self.cleaned_data["country"].strip().upper()
        if code and code not in phonenumbers.SUPPORTED_REGIONS:
            raise forms.ValidationError(_("This is not the code of a country."), code="country")
        return code

    def _post_clean(self) -> None:
        """The service validates the settings; the form only gathers what was typed."""


class WelcomeForm(NewPasswordForm):
    """The first administrator and the organisation of an empty installation."""

    organisation = forms.CharField(label=_("Name of your organisation"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, widget=LongSelect, initial="UTC"
    )
    currency = forms.ChoiceField(
        label=_("Base currency"), choices=currency_choices, widget=LongSelect, initial="EUR"
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )

    field_order = (
        "organisation",
        "language",
        "time_zone",
        "currency",
        "name",
        "email",
        "password",
        "repeat",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, person=User(), **kwargs)

    def clean(self) -> dict[str, Any]:
        """The password must not resemble the e-mail address either."""
        self.person = User(email=self.cleaned_data.get("email", ""))
        return super().clean()


class VisibilityForm(forms.Form):
    """Two choices, sees and edits, for each role and kind of record."""

    ROLES = (Role.SALES, Role.MANAGER, Role.ANALYST)

    def __init__(self, *args: Any, levels: dict[tuple[str, str], tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for role in self.ROLES:
            for kind in Kind:
                view, edit = levels[role, kind]
                self._add(role, kind, "view", view, _("%(role)s sees: %(kind)s"))
                if role != Role.ANALYST:
                    self._add(role, kind, "edit", edit, _("%(role)s edits: %(kind)s"))

    def _add(self, role: Role, kind: Kind, what: str, level: str, label: Any) -> None:
        self.fields[f"{role}-{kind}-{what}"] = forms.ChoiceField(
            choices=Level.choices,
            initial=level,
            label=label % {"role": role.label, "kind": kind_label(kind)},
        )

    def rows(self) -> list[dict[str, Any]]:
        """What the table draws: a row for each kind, a cell for each role."""
        return [
            {
                "label": kind_label(kind),
                "cells": [
                    {
                        "role": role.label,
                        "edit": role != Role.ANALYST,
                        "fields": [
                            self[name]
                            for name in (f"{role}-{kind}-view", f"{role}-{kind}-edit")
                            if name in self.fields
                        ],
                    }
                    for role in self.ROLES
                ],
            }
            for kind in Kind
        ]

    def levels(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The matrix as the service takes it."""
        data = self.cleaned_data
        return {
            (role.value, kind.value): (
                data[f"{role}-{kind}-view"],
                data.get(f"{role}-{kind}-edit", Level.NONE.value),
            )
            for role in self.ROLES
            for kind in Kind
        }
