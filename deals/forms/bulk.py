"""What a bulk act on deals asks before it begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.exceptions import RuleViolation
from core.forms import DateInput
from customers.forms import bulk as shared
from customers.models import Source
from deals.constants import DealKind, ForecastCategory
from deals.forms.moves import reason_choices
from deals.models import LostReason, Stage
from deals.services.bulk import refuse_stage


class DealEditForm(shared.EditForm):
    """Fields that are filled in are set; those named under "Empty" are emptied."""

    expected_close_on = forms.DateField(label=_("Expected close"), required=False, widget=DateInput())
    forecast_category = forms.ChoiceField(
        label=_("Forecast category"), choices=[("", "—"), *ForecastCategory.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *DealKind.choices], required=False)
    source = forms.ModelChoiceField(Source.objects.all(), label=_("Source"), required=False)
    campaign = forms.CharField(label=_("Campaign"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        empty: Any = self.fields["empty"]
        empty.choices = [choice for choice in empty.choices if choice[0] != "kind"]

    def value_of(self, data: dict[str, Any]) -> dict[str, Any]:
        found = super().value_of(data)
        if (day := found["values"].get("expected_close_on")) is not None:
            found["values"]["expected_close_on"] = day.isoformat() if day else ""
        return found


class DealStageForm(shared.BulkForm):
    title = _("Move stage")
    submit = _("Move these")

    stage = forms.ModelChoiceField(Stage._base_manager.filter(deleted_at=None), label=_("New stage"))
    lost_reason = forms.ModelChoiceField(
        LostReason._base_manager.filter(deleted_at=None),
        label=_("Lost reason"),
        required=False,
        help_text=_("Needed for a lost stage."),
    )
    lost_note = forms.CharField(label=_("What happened?"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].widget.choices = _stages()
        self.fields["lost_reason"].widget.choices = reason_choices()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("stage"):
            try:
                refuse_stage(found["stage"], found.get("lost_reason"), found.get("lost_note", ""))
            except RuleViolation as error:
                self.add_error(error.field, error.message)
        return found

    def value(self) -> dict[str, Any]:
        reason = self.cleaned_data.get("lost_reason")
        return {
            "stage": self.cleaned_data["stage"].pk,
            "lost_reason": reason.pk if reason else None,
            "lost_note": self.cleaned_data.get("lost_note", ""),
        }


def _stages() -> list[Any]:
    groups: dict[str, list[tuple[int, str]]] = {}
    rows = Stage._base_manager.filter(deleted_at=None, pipeline__deleted_at=None).select_related("pipeline")
    for stage in rows.order_by("pipeline__position", "pipeline", "position", "pk"):
        groups.setdefault(str(stage.pipeline), []).append((stage.pk, str(stage)))
    return [("", "—"), *groups.items()]


FORMS: dict[str, type[shared.BulkForm]] = {
    "edit": DealEditForm,
    "assign": shared.AssignForm,
    "tag": shared.TagForm,
    "stage": DealStageForm,
    "trash": shared.TrashForm,
}
