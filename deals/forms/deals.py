"""Forms of deals: the whole record, one group of it, and the quick one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from core.forms import SearchChoiceField
from customers.forms.base import CustomersForm, FieldGroup
from deals.constants import StageKind
from deals.models import Deal, Stage

GROUPS = (
    FieldGroup("main", gettext_lazy("Deal"), ("name", "customer", "kind", "external_id", "opened_on")),
    FieldGroup(
        "money", gettext_lazy("Amount"), ("amount", "currency", "recurring_amount", "recurring_period")
    ),
    FieldGroup(
        "forecast", gettext_lazy("Forecast"), ("expected_close_on", "probability", "forecast_category")
    ),
    FieldGroup("outcome", gettext_lazy("Outcome"), ("closed_on", "lost_reason", "lost_note")),
    FieldGroup(
        "relationship", gettext_lazy("Relationship"), ("owner", "team", "collaborators", "source", "campaign")
    ),
    FieldGroup("notes", gettext_lazy("Description"), ("description",)),
    FieldGroup("custom", gettext_lazy("More"), ("custom",)),
)
GUESSED = ("probability", "forecast_category")
OF_CLOSED = ("closed_on", "lost_reason", "lost_note")
OF_LINES = ("amount", "currency")


class DealsForm(CustomersForm):
    """What deal forms have in common: which fields there are follows from how the deal stands."""

    groups = GROUPS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deal = self.instance
        for name in self._left_out(deal):
            self.fields.pop(name, None)
        if "lost_reason" in self.fields:
            self.fields["lost_reason"].required = True
        if "closed_on" in self.fields:
            self.fields["closed_on"].required = True
            self.fields["closed_on"].widget.attrs["max"] = today().isoformat()
        if "probability" in self.fields and deal.pk:
            self.fields["probability"].help_text = _(
                "The stage says %(percent)d %%. Another number is your own and stays through moves."
            ) % {"percent": deal.stage.probability}
        if "opened_on" in self.fields:
            self.fields["opened_on"].required = bool(deal.pk)

    def _left_out(self, deal: Deal) -> set[str]:
        if not deal.pk:
            return {*OF_CLOSED}
        if deal.is_open:
            gone = set(OF_CLOSED)
        else:
            gone = set(GUESSED) | (set() if deal.status == StageKind.LOST else {"lost_reason", "lost_note"})
        return gone | set(OF_LINES) if deal.lines.alive().exists() else gone


class DealForm(DealsForm):
    class Meta:
        model = Deal
        fields: tuple[str, ...] = tuple(name for group in GROUPS for name in group.fields if name != "custom")
        field_classes = {"customer": SearchChoiceField}


class QuickDealForm(DealsForm):
    """The few fields of the quick-create dialog; what is left empty is filled in by the stage and the
    customer."""

    class Meta:
        model = Deal
        fields: tuple[str, ...] = ("name", "customer", "amount", "currency", "expected_close_on")
        field_classes = {"customer": SearchChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].required = False
        self.fields["currency"].help_text = _("Empty: the customer's currency.")


class NewDealForm(QuickDealForm):
    """A new deal also says where it begins."""

    tag_list = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Separated by commas."),
    )

    class Meta(QuickDealForm.Meta):
        fields = (
            "name", "customer", "stage", "kind", "external_id", "amount", "currency", "recurring_amount",
            "recurring_period", "expected_close_on", "owner", "team", "collaborators", "source",
            "campaign", "description",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].widget.choices = start_choices()

    def tag_names(self) -> list[str]:
        return [name for name in self.cleaned_data.get("tag_list", "").split(",") if name.strip()]


def start_choices() -> list[Any]:
    """Where a deal can begin: the open stages of the pipelines that take new ones, the usual one first."""
    rows = Stage._base_manager.filter(
        deleted_at=None, kind=StageKind.OPEN, pipeline__is_active=True, pipeline__deleted_at=None
    ).select_related("pipeline")
    groups: dict[Any, list[tuple[int, str]]] = {}
    for stage in rows.order_by("-pipeline__is_default", "pipeline__position", "pipeline", "position", "pk"):
        groups.setdefault(stage.pipeline, []).append((stage.pk, str(stage)))
    if len(groups) == 1:
        return next(iter(groups.values()))
    return [(str(pipeline), options) for pipeline, options in groups.items()]
