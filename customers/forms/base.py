"""What the forms of customers and contacts have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exceptions import RuleViolation
from core.forms import DateInput, RecordForm, SearchChoiceField, SearchMany
from core.money import currency_choices
from customers.constants import MethodKind
from customers.services.methods import clean_method

SEARCHED = {
    "parent": "customers:customer_options",
    "referred_by": "customers:customer_options",
    "reports_to": "customers:contact_options",
    "customer": "customers:customer_options",
    "other": "customers:contact_options",
}


@dataclass(frozen=True)
class FieldGroup:
    """Facts that stand together on the record page and are edited together."""

    key: str
    title: Any
    fields: tuple[str, ...]


class CustomersForm(RecordForm):
    """Dates as calendars, currencies and languages as lists, searched choices."""

    searched = SEARCHED
    groups: tuple[FieldGroup, ...] = ()
    set_elsewhere: frozenset[str] = frozenset()  # not of the form, and nothing it could be wrong about

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = DateInput()
            elif name == "currency":
                self._listed(name, [("", "–"), *currency_choices()])
            elif name == "language":
                self._listed(name, [("", "–"), *settings.LANGUAGES])
            elif name == "stage" and isinstance(field, forms.ModelChoiceField):
                field.required, field.empty_label = False, None  # the first one unless said
            elif name == "description":
                field.widget.attrs["rows"] = 4
            elif isinstance(field, forms.ModelMultipleChoiceField):
                field.widget = SearchMany(choices=field.iterator(field))

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | self.set_elsewhere  # type: ignore[misc]  # not in the stubs

    def sections(self) -> list[tuple[Any, list[Any]]]:
        """The visible fields by group, for a long form; what no group names comes first."""
        named = {name for group in self.groups for name in group.fields}
        first = self.groups[0] if self.groups else None
        found = []
        for group in self.groups:
            names = [n for n in self.fields if n in group.fields]
            if group is first:
                # What is not a field of the record (its first e-mail) stands after the name.
                extra = [n for n in self.fields if n not in named and n not in self.custom_fields]
                end = names.index("family_name") + 1 if "family_name" in names else 2
                names = [*names[:end], *extra, *names[end:]]
            if group.key == "custom":
                names = list(self.custom_fields)
            fields = [self[n] for n in names if not self[n].is_hidden]
            if fields:
                found.append((group.title, fields))
        return found

    def _listed(self, name: str, choices: list[tuple[str, Any]]) -> None:
        current = self.initial.get(name)
        if current and current not in dict(choices):
            choices.append((current, current))
        self.fields[name].widget = forms.Select(choices=choices)


class ReachFields(forms.Form):
    """The first e-mail address and phone number of a new record."""

    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=60, required=False)

    def clean_email(self) -> str:
        return self._method(MethodKind.EMAIL, "email")

    def clean_phone(self) -> str:
        return self._method(MethodKind.PHONE, "phone")

    def _method(self, kind: str, name: str) -> str:
        text = str(self.cleaned_data.get(name) or "")
        if not text.strip():
            return ""
        try:
            return clean_method(kind, text)[0]
        except RuleViolation as error:
            raise ValidationError(error.message) from error

    def methods(self) -> list[dict[str, str]]:
        """What the service makes ContactMethods of."""
        found = {MethodKind.EMAIL: self.cleaned_data["email"], MethodKind.PHONE: self.cleaned_data["phone"]}
        return [{"kind": kind, "value": value} for kind, value in found.items() if value]


def require_a_name(form: forms.BaseForm) -> None:
    """A person has a given or a family name; one is enough."""
    if not form.errors and not (form.cleaned_data.get("given_name") or form.cleaned_data.get("family_name")):
        form.add_error("family_name", _("Give a name, please."))


__all__ = ["CustomersForm", "FieldGroup", "ReachFields", "SearchChoiceField", "require_a_name"]
