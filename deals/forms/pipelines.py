"""Forms of pipelines, stages and lost reasons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import RecordForm
from deals.constants import ForecastCategory, StageKind
from deals.models import LostReason, Pipeline, Stage
from deals.services.required import requirable

COLOURS = (
    _("Green"), _("Blue"), _("Violet"), _("Pink"), _("Orange"), _("Yellow"), _("Light green"), _("Grey"),
)  # fmt: skip


class TranslatedForm(RecordForm):
    """Ready-made texts are shown in the reader's language, and stay what they are unless changed."""

    translated: tuple[str, ...] = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.translated:
            if self.instance.pk and self.initial.get(name):
                self.initial[name] = gettext(self.initial[name])


class PipelineForm(TranslatedForm):
    translated = ("name", "description")

    class Meta:
        model = Pipeline
        fields = ("name", "description")


class StageForm(TranslatedForm):
    translated = ("name", "guidance")

    required_fields = forms.MultipleChoiceField(
        label=_("Needed to enter"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A deal that moves here is asked for those that are still empty."),
    )
    colour = forms.TypedChoiceField(label=_("Colour"), coerce=int, choices=list(enumerate(COLOURS)))

    class Meta:
        model = Stage
        fields = (
            "name",
            "kind",
            "probability",
            "forecast_category",
            "rotting_days",
            "colour",
            "guidance",
            "required_fields",
        )
        widgets = {"guidance": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "probability": _("Open deals follow it, unless somebody set another one for the deal."),
            "rotting_days": _("Days without a move, an activity or a planned step. Empty: never."),
            "guidance": _("What is to be done here; it stands above the deal."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["required_fields"].choices = requirable()  # type: ignore[attr-defined]
        self.fields["forecast_category"].choices = [  # type: ignore[attr-defined]
            choice for choice in ForecastCategory.choices if choice[0] != ForecastCategory.CLOSED
        ]
        self.fields["probability"].required = self.fields["forecast_category"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == StageKind.OPEN:
            for name in ("probability", "forecast_category"):
                if data.get(name) in (None, ""):
                    self.add_error(name, gettext("An open stage needs this."))
        return data

    def values(self) -> dict[str, Any]:
        # What an empty answer leaves to the kind is not written.
        return {
            name: value
            for name, value in super().values().items()
            if name not in ("probability", "forecast_category") or value not in (None, "")
        }

    def _post_clean(self) -> None:
        # A closed stage's probability follows from its kind in the service, which validates.
        if self.cleaned_data.get("kind") == StageKind.OPEN:
            super()._post_clean()  # type: ignore[misc]  # not in the stubs


class StageRemoveForm(forms.Form):
    """Where the deals of a stage go that is taken away, and why."""

    target = forms.ModelChoiceField(label=_("Its deals move to"), queryset=Stage.objects.none())
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Recorded with every deal that moves.")
    )

    def __init__(self, *args: Any, stage: Stage, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Stage.objects.visible_to(user).filter(
            kind=stage.kind, pipeline__deleted_at=None, pipeline__is_active=True
        )
        rows = rows.exclude(pk=stage.pk).select_related("pipeline").order_by("pipeline__position", "position")
        field = self.fields["target"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: f"{row.pipeline}: {row}"  # type: ignore[attr-defined]
        same = [row for row in rows if row.pipeline_id == stage.pipeline_id]
        field.initial = same[0].pk if same else None


class LostReasonForm(TranslatedForm):
    class Meta:
        model = LostReason
        fields = ("name", "parent", "requires_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = field.queryset.filter(parent=None).exclude(pk=self.instance.pk).order_by("position")
        field.empty_label = _("– (at the top)")
