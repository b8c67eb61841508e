"""Forms of what is known round a deal: people, competitors, objections, close plan, review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from core.forms import DateInput, RecordForm, SearchChoiceField
from deals.constants import CompetitorOutcome, StageKind
from deals.models import (
    ClosePlanStep,
    Competitor,
    DealCompetitor,
    DealContact,
    DealObjection,
    Objection,
    ObjectionAnswer,
    WinLossReview,
)
from deals.selectors.objections import library
from deals.services.competition import SAID

CONTACTS = "customers:contact_options"
COMPETITORS = "deals:competitor_options"
SHOWN = 90  # letters of an answer in a choice


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


def _secure(field: models.Field, **options: Any) -> forms.Field | None:
    """An address typed without its scheme is an https one."""
    if isinstance(field, models.URLField):
        options["assume_scheme"] = "https"
    return field.formfield(**options)


class NewPersonForm(RecordForm):
    searched = {"contact": CONTACTS}

    class Meta:
        model = DealContact
        fields: tuple[str, ...] = ("contact", "role", "influence", "stance", "is_primary", "note")
        field_classes = {"contact": SearchChoiceField}
        help_texts = {"role": gettext_lazy("Empty: the role on the contact's own page.")}


class PersonForm(RecordForm):
    """Somebody who is on the deal stays who they are."""

    class Meta(NewPersonForm.Meta):
        fields = ("role", "influence", "stance", "is_primary", "note")
        field_classes = {}


class CompetitorForm(RecordForm):
    class Meta:
        model = Competitor
        fields = ("name", "website", "strengths", "weaknesses", "products", "how_to_win")
        widgets = {name: _rows(3) for name in ("strengths", "weaknesses", "products", "how_to_win")}
        formfield_callback = _secure


class NewDealCompetitorForm(RecordForm):
    searched = {"competitor": COMPETITORS}

    class Meta:
        model = DealCompetitor
        fields = ("competitor", "strengths", "weaknesses", "price")
        field_classes = {"competitor": SearchChoiceField}
        help_texts = {"price": gettext_lazy("In the currency of the deal.")}


class DealCompetitorForm(RecordForm):
    """What can be said of the outcome follows from how the deal stands."""

    class Meta:
        model = DealCompetitor
        fields = ("strengths", "weaknesses", "price", "outcome")
        help_texts = NewDealCompetitorForm.Meta.help_texts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = SAID[StageKind(self.instance.deal.status)]
        labels = dict(CompetitorOutcome.choices)
        self.fields["outcome"].widget.choices = [(value, labels[value]) for value in said]


class ObjectionForm(RecordForm):
    class Meta:
        model = Objection
        fields = ("text", "category")
        help_texts = {
            "category": gettext_lazy("Such as price, product or timing; the library is sorted by it.")
        }


class AnswerForm(RecordForm):
    class Meta:
        model = ObjectionAnswer
        fields = ("text",)
        widgets = {"text": _rows(4)}


class LogObjectionForm(forms.Form):
    """One choice says which objection was heard and what was answered; new words join the library."""

    said = forms.ChoiceField(label=gettext_lazy("Objection and answer"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Or something new"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("It joins the library."),
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: dict[str, tuple[Objection, ObjectionAnswer | None]] = {}
        groups = [
            (category or _("Other"), [option for row in rows for option in self._options(*row)])
            for category, rows in library(user)
        ]
        self.fields["said"].choices = [("", "–"), *groups]  # type: ignore[attr-defined]

    def _options(self, objection: Objection, answers: list[ObjectionAnswer]) -> list[tuple[str, str]]:
        self.chosen[f"o{objection.pk}"] = objection, None
        options = [(f"o{objection.pk}", objection.text)]
        for answer in answers:
            self.chosen[f"a{answer.pk}"] = objection, answer
            words = Truncator(" ".join(answer.text.split())).chars(SHOWN)
            options.append((f"a{answer.pk}", f"{objection.text} → {words}"))
        return options

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("said")) == bool(data.get("text", "").strip()) and not self.errors:
            self.add_error("said", _("Choose an objection or write a new one, one of the two."))
        return data

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        objection, answer = self.chosen.get(data["said"], (None, None))
        return {"objection": objection, "answer": answer, "text": data["text"], "note": data["note"]}


class DealObjectionForm(RecordForm):
    class Meta:
        model = DealObjection
        fields = ("answer", "note", "is_resolved")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["answer"]
        field.queryset = field.queryset.filter(objection=self.instance.objection_id)


class StepForm(RecordForm):
    searched = {"contact": CONTACTS}

    class Meta:
        model = ClosePlanStep
        fields = ("title", "due_on", "side", "user", "contact", "done_on", "note")
        field_classes = {"contact": SearchChoiceField}
        widgets = {"due_on": DateInput, "done_on": DateInput}


class SharePlanForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("The link works until"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": today() + timedelta(days=60)})
        super().__init__(*args, **kwargs)


class ReviewForm(RecordForm):
    searched = {"source": CONTACTS, "competitor": COMPETITORS}

    class Meta:
        model = WinLossReview
        fields = (
            "decided", "competitor", "explanation", "quote", "source", "lesson", "reviewed_on", "reviewer",
        )  # fmt: skip
        field_classes = {"source": SearchChoiceField, "competitor": SearchChoiceField}
        widgets = {
            "explanation": _rows(4), "quote": _rows(3), "lesson": _rows(3), "reviewed_on": DateInput(),
        }  # fmt: skip
        help_texts = {"competitor": gettext_lazy("Joins the competitors of the deal.")}
