"""Forms of what belongs to a customer or contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, SearchChoiceField
from customers.constants import MethodKind, StageKind
from customers.forms.base import CustomersForm
from customers.models import (
    Consent,
    ContactMethod,
    ImportantDate,
    LifecycleStage,
    Membership,
    Relation,
)
from customers.services.methods import kind_of


class MethodForm(CustomersForm):
    """Which customer or contact it belongs to comes from the address, never from the form."""

    set_elsewhere = frozenset({"customer", "contact", "key"})

    class Meta:
        model = ContactMethod
        fields = ("value", "kind", "label", "primary")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.required = False
        kind.choices = [("", _("As it looks")), *MethodKind.choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("kind"):
            data["kind"] = kind_of(data.get("value", ""))
        if not data["kind"] and data.get("value"):
            self.add_error("kind", _("Say what kind of address this is."))
        return data


class ConsentForm(CustomersForm):
    set_elsewhere = frozenset({"customer", "contact"})

    class Meta:
        model = Consent
        fields = ("purpose", "basis", "given_at", "source", "text_version")
        widgets = {"given_at": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}


class MembershipForm(CustomersForm):
    set_elsewhere = frozenset({"contact"})

    class Meta:
        model = Membership
        fields = ("customer", "role", "since", "until", "primary")
        field_classes = {"customer": SearchChoiceField}


class RelationForm(CustomersForm):
    set_elsewhere = frozenset({"contact"})

    class Meta:
        model = Relation
        fields = ("kind", "other", "note")
        field_classes = {"other": SearchChoiceField}


class ImportantDateForm(CustomersForm):
    set_elsewhere = frozenset({"contact"})

    class Meta:
        model = ImportantDate
        fields = ("label", "on", "yearly")
        widgets = {"on": DateInput()}


class StageForm(forms.Form):
    """A move through the funnel; a lost stage asks why."""

    stage = forms.ModelChoiceField(LifecycleStage.objects.all(), label=_("Stage"))
    reason = forms.CharField(
        label=_("Why?"), max_length=300, required=False, widget=forms.Textarea({"rows": 3})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = self.data.get("stage") or self.initial.get("stage")
        self.lost = bool(
            stage
            and str(stage).isdigit()
            and LifecycleStage.objects.filter(pk=stage, kind=StageKind.LOST).exists()
        )
        self.fields["reason"].required = self.lost


class TagsForm(forms.Form):
    """Tags as words with commas: works without script and is quick with a keyboard."""

    tags = forms.CharField(
        label=_("Tags"), max_length=600, required=False, help_text=_("Separated by commas.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def names(self) -> list[str]:
        return [
            n for n in self.cleaned_data["tags"].replace("，", ",").replace("、", ",").split(",") if n.strip()
        ]
