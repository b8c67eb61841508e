"""Forms of customers: companies and persons."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SearchChoiceField
from customers.constants import CustomerKind
from customers.forms.base import CustomersForm, FieldGroup, ReachFields, require_a_name
from customers.models import Customer

ADDRESS = ("street", "postcode", "city", "region", "country")
RELATIONSHIP = (
    "owner",
    "team",
    "collaborators",
    "source",
    "campaign",
    "referred_by",
    "language",
    "preferred_channel",
)
COMPANY = (
    "name",
    "domain",
    "parent",
    "industry",
    "size_band",
    "annual_revenue",
    "currency",
    "founded",
    "external_id",
)
PERSON = ("given_name", "family_name", "birthday", "external_id")

REST = (
    FieldGroup("address", _("Address"), ADDRESS),
    FieldGroup("relationship", _("Relationship"), RELATIONSHIP),
    FieldGroup("notes", _("Description"), ("description",)),
    FieldGroup("custom", _("More"), ("custom",)),
)
COMPANY_GROUPS = (FieldGroup("main", _("Company"), COMPANY), *REST)
PERSON_GROUPS = (FieldGroup("main", _("Person"), PERSON), *REST)


class CompanyForm(CustomersForm):
    groups = COMPANY_GROUPS

    class Meta:
        model = Customer
        fields: tuple[str, ...] = (*COMPANY, *ADDRESS, *RELATIONSHIP, "description")
        field_classes = {"parent": SearchChoiceField, "referred_by": SearchChoiceField}


class PersonForm(CustomersForm):
    groups = PERSON_GROUPS
    set_elsewhere = frozenset({"name"})

    class Meta:
        model = Customer
        fields: tuple[str, ...] = (*PERSON, *ADDRESS, *RELATIONSHIP, "description")
        field_classes = {"referred_by": SearchChoiceField}

    def clean(self) -> dict[str, Any]:
        # An imported person may have a full name only; that is no reason to refuse an edit.
        touched = not self.instance.pk or {"given_name", "family_name"} & set(self.changed_data)
        if "family_name" in self.fields and touched:
            require_a_name(self)
        return self.cleaned_data


class NewCustomerMixin(ReachFields):
    """A new customer also gets its stage and its first ways to reach it."""

    tag_list = forms.CharField(
        label=_("Tags"), max_length=300, required=False, help_text=_("Separated by commas.")
    )

    def tag_names(self) -> list[str]:
        return [name for name in self.cleaned_data.get("tag_list", "").split(",") if name.strip()]


class NewCompanyForm(NewCustomerMixin, CompanyForm):
    class Meta(CompanyForm.Meta):
        fields = (*COMPANY, "stage", *ADDRESS, *RELATIONSHIP, "description")


class NewPersonForm(NewCustomerMixin, PersonForm):
    class Meta(PersonForm.Meta):
        fields = (*PERSON, "stage", *ADDRESS, *RELATIONSHIP, "description")


class QuickCustomerForm(ReachFields, CustomersForm):
    """The few fields of the quick-create dialog."""

    class Meta:
        model = Customer
        fields = ("name", "domain")


class QuickPersonForm(ReachFields, PersonForm):
    class Meta(PersonForm.Meta):
        fields = ("given_name", "family_name")


def customer_form(kind: str, *, new: bool = False, quick: bool = False) -> type[Any]:
    """The form for a company or a person."""
    person = kind == CustomerKind.PERSON
    if quick:
        return QuickPersonForm if person else QuickCustomerForm
    if new:
        return NewPersonForm if person else NewCompanyForm
    return PersonForm if person else CompanyForm


def groups_of(customer: Customer) -> tuple[FieldGroup, ...]:
    return PERSON_GROUPS if customer.is_person else COMPANY_GROUPS
