"""Forms of contacts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SearchChoiceField
from customers.forms.base import CustomersForm, FieldGroup, ReachFields, require_a_name
from customers.models import Contact, Customer

PERSON = ("prefix", "given_name", "family_name", "job_title", "birthday", "language", "external_id")
RELATIONSHIP = ("owner", "team", "reports_to", "buying_role")

CONTACT_GROUPS = (
    FieldGroup("main", _("Person"), PERSON),
    FieldGroup("relationship", _("Relationship"), RELATIONSHIP),
    FieldGroup("notes", _("Description"), ("description",)),
    FieldGroup("custom", _("More"), ("custom",)),
)


class ContactForm(CustomersForm):
    groups = CONTACT_GROUPS
    set_elsewhere = frozenset({"name"})

    class Meta:
        model = Contact
        fields: tuple[str, ...] = (*PERSON, *RELATIONSHIP, "description")
        field_classes = {"reports_to": SearchChoiceField}

    def clean(self) -> dict[str, Any]:
        # An imported person may have a full name only; that is no reason to refuse an edit.
        touched = not self.instance.pk or {"given_name", "family_name"} & set(self.changed_data)
        if "family_name" in self.fields and touched:
            require_a_name(self)
        return self.cleaned_data


class MembershipFields(forms.Form):
    """The customer a new contact belongs to."""

    customer = SearchChoiceField(Customer.objects.all(), label=_("Customer"), required=False)
    role = forms.CharField(label=_("Role there"), max_length=120, required=False)


class NewContactForm(MembershipFields, ReachFields, ContactForm):
    field_order = (*PERSON[:4], "customer", "role", "email", "phone")


class QuickContactForm(MembershipFields, ReachFields, ContactForm):
    """The few fields of the quick-create dialog."""

    class Meta(ContactForm.Meta):
        fields = ("given_name", "family_name", "job_title")
