"""What a move asks for: the stage, why a deal was lost, when it closed, and what the stage requires."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clock import today
from core.forms import DateInput
from deals.constants import StageKind
from deals.models import Deal, LostReason, Stage


class MoveForm(forms.Form):
    """A move of one deal to one stage; only a closing stage asks more."""

    stage = forms.ModelChoiceField(Stage._base_manager.filter(deleted_at=None), widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lost_reason = forms.ModelChoiceField(
        LostReason._base_manager.filter(deleted_at=None), label=_("Why was it lost?"), empty_label="—"
    )
    lost_note = forms.CharField(
        label=_("What happened?"), max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )
    closed_on = forms.DateField(label=_("Closed on"), widget=DateInput())

    def __init__(self, *args: Any, deal: Deal, stage: Stage, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "stage": stage.pk,
            "version": deal.version,
            "closed_on": today(),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        if stage.kind != StageKind.LOST:
            del self.fields["lost_reason"], self.fields["lost_note"]
        else:
            self.fields["lost_reason"].widget.choices = reason_choices()
        if stage.kind == StageKind.OPEN:
            del self.fields["closed_on"]


def reason_choices() -> list[Any]:
    """Lost reasons, those of the second level under their first."""
    rows = list(LostReason._base_manager.filter(deleted_at=None).order_by("position", "pk"))
    below: dict[int, list[LostReason]] = {}
    for row in rows:
        if row.parent_id is not None:
            below.setdefault(row.parent_id, []).append(row)
    choices: list[Any] = [("", "—")]
    for row in rows:
        if row.parent_id is None and row.pk in below:
            choices.append(
                (str(row), [(row.pk, str(row)), *((child.pk, str(child)) for child in below[row.pk])])
            )
        elif row.parent_id is None:
            choices.append((row.pk, str(row)))
    return choices
