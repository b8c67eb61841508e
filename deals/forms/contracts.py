"""Forms of contracts, their versions and duties, and of payments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clock import today
from core.forms import DateInput, RecordForm
from deals.constants import PaymentStatus
from deals.models import Contract, Obligation, Payment


class ContractForm(RecordForm):
    searched = {"customer": "customers:customer_options"}

    class Meta:
        model = Contract
        fields = (
            "title", "number", "customer", "kind", "value", "currency", "recurring_amount",
            "recurring_period", "starts_on", "ends_on", "renewal", "renewal_months", "notice_days",
            "owner", "team", "description",
        )  # fmt: skip
        widgets = {
            "starts_on": DateInput,
            "ends_on": DateInput,
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "number": gettext_lazy("Leave empty for the next number."),
            "ends_on": gettext_lazy("The last day of the term."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].required = bool(self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("renewal") == "automatic" and not cleaned.get("renewal_months"):
            self.add_error("renewal_months", _("Say for how many months it renews itself."))
        if cleaned.get("renewal") == "automatic" and not cleaned.get("ends_on"):
            self.add_error("ends_on", _("What renews itself needs an end of its first term."))
        return cleaned


class VersionForm(forms.Form):
    """The next text of a contract; of a signed one what the amendment changes, and the new terms."""

    summary = forms.CharField(label=gettext_lazy("What changed"), max_length=300, required=False)
    file = forms.FileField(
        label=gettext_lazy("Document (PDF)"),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, user: Any = None, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = contract.status == "signed"


class SignForm(forms.Form):
    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=DateInput)
    file = forms.FileField(
        label=gettext_lazy("Signed copy (PDF)"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
    )

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"signed_on": today()})
        super().__init__(*args, **kwargs)


class TerminateForm(forms.Form):
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"ends_on": contract.ends_on or today()})
        super().__init__(*args, **kwargs)


class ObligationForm(RecordForm):
    class Meta:
        model = Obligation
        fields = ("side", "text", "due_on", "responsible", "done_on")
        widgets = {"due_on": DateInput, "done_on": DateInput}
        help_texts = {"responsible": gettext_lazy("Gets a task for the day it is due.")}


class PaymentForm(RecordForm):
    class Meta:
        model = Payment
        fields = ("amount", "status", "due_on", "paid_on", "method", "reference")
        widgets = {"due_on": DateInput, "paid_on": DateInput}

    def clean(self) -> dict[str, Any]:
        """Paid without a day was paid today."""
        cleaned = super().clean() or {}
        if cleaned.get("status") == PaymentStatus.PAID and not cleaned.get("paid_on"):
            cleaned["paid_on"] = today()
        return cleaned

    def values(self) -> dict[str, Any]:
        values = super().values()
        return {**values, "paid_on": self.cleaned_data["paid_on"]} if "status" in values else values
