"""The form of an exchange rate."""

from __future__ import annotations

from django import forms

from accounts.organisation import get_organisation
from core.forms import RecordForm
from core.money import currency_choices
from deals.models import ExchangeRate


class RateForm(RecordForm):
    class Meta:
        model = ExchangeRate
        fields = ("currency", "on", "rate", "source")
        widgets = {"on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        base = self.instance.base or get_organisation().base_currency
        self.instance.base = base
        choices = [("", "–"), *((code, label) for code, label in currency_choices() if code != base)]
        self.fields["currency"].widget = forms.Select(choices=choices)
        self.fields["rate"].help_text = base
