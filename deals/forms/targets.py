"""Forms of targets, the plan to reach them, and what is improved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DateInput, RecordForm
from core.periods import Period, parse_period
from deals.constants import TargetMetric, TargetPeriod
from deals.models import ImprovementAction, PlanLine, Target
from deals.selectors.periods import current_period, fiscal_start, period_of_target

# How many periods back and ahead a target can be set for.
REACH = {"month": (6, 18), "quarter": (4, 8), "year": (2, 4)}


def period_choices(*also: Period) -> list[tuple[str, list[tuple[str, str]]]]:
    """Months, quarters and years around today, each group in order."""
    groups = []
    for kind, label in TargetPeriod.choices:
        now = current_period(kind)
        back, ahead = REACH[kind]
        periods = {now.next(count) for count in range(-back, ahead + 1)}
        periods |= {period for period in also if period.kind == kind}
        groups.append((str(label), [(period.key, str(period)) for period in sorted(periods)]))
    return groups


class PeriodField(forms.ChoiceField):
    """A choice among periods, as a ``Period``."""

    def clean(self, value: Any) -> Any:
        key = super().clean(value)
        period = parse_period(key, fiscal_start=fiscal_start()) if key else None
        if key and period is None:
            raise ValidationError(_("Choose a period."), code="invalid_choice")
        return period


class TargetForm(RecordForm):
    """A target; the period is chosen by name, its first day and length follow."""

    when = PeriodField(label=gettext_lazy("Period"))

    field_order = ("metric", "when", "value", "owner", "team", "channel", "segment", "note")

    class Meta:
        model = Target
        fields = ("metric", "value", "owner", "team", "channel", "segment", "note")
        help_texts = {
            "owner": gettext_lazy("Leave person and team empty for a target of everybody."),
            "channel": gettext_lazy("Of orders their channel, of deals and customers their source."),
            "segment": gettext_lazy("The industry of the customer."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        also = [period_of_target(self.instance)] if self.instance.pk else []
        wanted = parse_period(str(self.initial.get("when", "")), fiscal_start=fiscal_start())
        also += [wanted] if wanted else []
        self.fields["when"].choices = period_choices(*also)  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["when"] = also[0].key
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("owner") and cleaned.get("team"):
            self.add_error("team", _("A target is for a person or for a team, not for both."))
        return cleaned

    def values(self) -> dict[str, Any]:
        values = super().values()
        period = self.cleaned_data["when"]
        return {**values, "period": period.kind, "starts_on": period.start}


class PlanLineForm(RecordForm):
    class Meta:
        model = PlanLine
        fields = ("activity", "channel", "starts_on", "ends_on", "budget", "responsible", "done_on")
        widgets = {"starts_on": DateInput, "ends_on": DateInput, "done_on": DateInput}


class ImprovementForm(RecordForm):
    class Meta:
        model = ImprovementAction
        fields = ("cause", "action", "responsible", "due_on", "state", "result")
        widgets = {"due_on": DateInput}


@dataclass(frozen=True)
class Share:
    """One channel of the goal: what it brought last period and how much weight it gets."""

    name: str
    last: Decimal
    field: str


class GoalForm(forms.Form):
    """The default goal: last period times a factor, split over the channels by weight.

    A channel without weight gets no target; without any weight there is one target in all.
    """

    metric = forms.ChoiceField(
        label=gettext_lazy("Measure"),
        choices=[(metric.value, metric.label) for metric in (TargetMetric.REVENUE, TargetMetric.WON_AMOUNT)],
    )
    when = PeriodField(label=gettext_lazy("Period"))
    factor = forms.DecimalField(
        label=gettext_lazy("Last period times"), min_value=Decimal("0.1"), max_value=10, decimal_places=2
    )
    goal = forms.DecimalField(
        label=gettext_lazy("Goal in all"),
        min_value=Decimal("0.01"),
        max_digits=18,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Leave empty for last period times the factor."),
    )

    def __init__(self, *args: Any, channels: Mapping[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = period_choices()  # type: ignore[attr-defined]
        self.shares = [
            Share(name, last, f"weight-{number}") for number, (name, last) in enumerate(channels.items())
        ]
        for share in self.shares:
            self.fields[share.field] = forms.DecimalField(
                label=share.name, min_value=0, max_value=1_000_000, decimal_places=3, required=False
            )

    def weights(self) -> dict[str, Decimal]:
        """By channel, those with more than nothing."""
        given = {share.name: self.cleaned_data.get(share.field) or Decimal(0) for share in self.shares}
        return {name: weight for name, weight in given.items() if weight > 0}

    def rows(self) -> Iterable[tuple[Share, Any]]:
        """Each channel with its field, for the template."""
        return [(share, self[share.field]) for share in self.shares]
