"""What a bulk act asks before it begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from core.custom_values import PREFIX, definitions, form_field, to_json
from customers.constants import BuyingRole, Channel, SizeBand, StageKind
from customers.models import Contact, Customer, LifecycleStage, Source, Tag
from customers.services.bulk import EDITABLE, label_of


class BulkForm(forms.Form):
    """Base: `value()` is what the service and the job get, plain enough for JSON."""

    title: Any = ""
    submit: Any = _("Go on")

    def __init__(self, *args: Any, model: type, **kwargs: Any) -> None:
        self.model = model
        super().__init__(*args, **kwargs)

    def value(self) -> dict[str, Any]:
        return {}


class EditForm(BulkForm):
    """Fields that are filled in are set; those named under "Empty" are emptied."""

    title = _("Edit")
    submit = _("Change these")

    industry = forms.CharField(label=_("Industry"), max_length=80, required=False)
    size_band = forms.ChoiceField(
        label=_("Employees"), choices=[("", "—"), *SizeBand.choices], required=False
    )
    country = forms.CharField(label=_("Country"), max_length=80, required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    source = forms.ModelChoiceField(Source.objects.all(), label=_("Source"), required=False)
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    buying_role = forms.ChoiceField(
        label=_("Buying role"), choices=[("", "—"), *BuyingRole.choices], required=False
    )
    language = forms.CharField(label=_("Language"), max_length=10, required=False)
    preferred_channel = forms.ChoiceField(
        label=_("Preferred channel"), choices=[("", "—"), *Channel.choices], required=False
    )
    empty = forms.MultipleChoiceField(
        label=_("Empty these fields"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty: Any = self.fields.pop("empty")
        self.fields = {name: field for name, field in self.fields.items() if name in EDITABLE[self.model]}
        self.custom = {PREFIX + item.key: item for item in definitions(label_of(self.model))}
        for name, item in self.custom.items():
            self.fields[name] = form_field(item)
            self.fields[name].required = False
        required = {name for name, item in self.custom.items() if item.required}
        empty.choices = [(name, field.label) for name, field in self.fields.items() if name not in required]
        self.fields["empty"] = empty

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not any(self.value_of(found).values()):
            raise forms.ValidationError(_("Fill in at least one field."), code="nothing")
        return found

    def value_of(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is set, fields of the record and custom ones apart; what is emptied wins."""
        values: dict[str, Any] = {}
        custom: dict[str, Any] = {}
        for name in self.fields:
            emptied = name in data.get("empty", [])
            if item := self.custom.get(name):
                given = to_json(item, data.get(name))
                if emptied or given is not None:
                    custom[item.key] = None if emptied else given
            elif emptied:
                values[name] = None if name == "source" else ""
            elif name != "empty" and data.get(name):
                values[name] = data[name].pk if name == "source" else data[name]
        return {"values": values, "custom": custom}

    def value(self) -> dict[str, Any]:
        return self.value_of(self.cleaned_data)


class AssignForm(BulkForm):
    title = _("Assign")
    submit = _("Assign these")

    owner = forms.ModelChoiceField(User.objects.filter(is_active=True), label=_("New owner"), required=False)
    team = forms.ModelChoiceField(
        Team.objects.all(),
        label=_("New team"),
        required=False,
        help_text=_("Empty: the team of the new owner."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("owner") or found.get("team")):
            raise forms.ValidationError(_("Choose an owner or a team."), code="nothing")
        return found

    def value(self) -> dict[str, Any]:
        return {name: given.pk for name, given in self.cleaned_data.items() if given}


class TagForm(BulkForm):
    title = _("Tags")
    submit = _("Change the tags")

    add = forms.ModelMultipleChoiceField(
        Tag.objects.all(), label=_("Add"), required=False, widget=forms.CheckboxSelectMultiple
    )
    remove = forms.ModelMultipleChoiceField(
        Tag.objects.all(), label=_("Take off"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not (found.get("add") or found.get("remove")):
            raise forms.ValidationError(_("Choose at least one tag."), code="nothing")
        return found

    def value(self) -> dict[str, Any]:
        return {name: [tag.pk for tag in given] for name, given in self.cleaned_data.items()}


class StageForm(BulkForm):
    title = _("Move stage")
    submit = _("Move these")

    stage = forms.ModelChoiceField(LifecycleStage.objects.all(), label=_("New stage"))
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Needed for a lost stage.")
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        stage = found.get("stage")
        if stage and stage.kind == StageKind.LOST and not found.get("reason", "").strip():
            self.add_error("reason", _("Say why, please: this is what can be learned from."))
        return found

    def value(self) -> dict[str, Any]:
        return {"stage": self.cleaned_data["stage"].pk, "reason": self.cleaned_data["reason"]}


class TrashForm(BulkForm):
    title = _("Delete")
    submit = _("Move these to the trash")


FORMS: dict[str, type[BulkForm]] = {
    "edit": EditForm,
    "assign": AssignForm,
    "tag": TagForm,
    "stage": StageForm,
    "trash": TrashForm,
}
MODELS = {"customers": Customer, "contacts": Contact}
