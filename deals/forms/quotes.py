"""Forms of quotes: the seller's, and the one the customer answers with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import DateInput, RecordForm, SearchChoiceField
from deals.models import Quote


class QuoteForm(RecordForm):
    searched = {"contact": "customers:contact_options"}

    class Meta:
        model = Quote
        fields = (
            "title", "contact", "recipient", "language", "quoted_on", "valid_until", "introduction", "terms",
        )  # fmt: skip
        field_classes = {"contact": SearchChoiceField}
        widgets = {
            "quoted_on": DateInput(),
            "valid_until": DateInput(),
            "recipient": forms.Textarea(attrs={"rows": 5}),
            "introduction": forms.Textarea(attrs={"rows": 4}),
            "terms": forms.Textarea(attrs={"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].widget = forms.Select(choices=settings.LANGUAGES)


class SendForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the customer"),
        required=False,
        help_text=_("Empty: nobody is written to, and you pass the link on yourself."),
    )
    message = forms.CharField(
        label=_("Message"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("The link to the quote is added below."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class AnswerForm(forms.Form):
    """The answer a seller heard and notes down."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("accept", _("Accepted")), ("decline", _("Declined"))]
    )
    name = forms.CharField(label=_("Who answered"), max_length=120)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublicAnswerForm(forms.Form):
    """The customer's answer on the public page; which one says the button."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.ChoiceField(choices=[("accept", ""), ("decline", "")], widget=forms.HiddenInput)


class LogoForm(forms.Form):
    """The picture on quotes."""

    logo = forms.FileField(label=_("Picture (PNG or JPEG, up to 2 MB)"), max_length=200)
