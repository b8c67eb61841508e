"""Pages of contacts: record, create, edit, delete."""

from __future__ import annotations

from typing import Any

from core.models import ChangeSet
from core.views.generic import RecordDeleteView, RecordUpdateView
from customers.forms import CONTACT_GROUPS, ContactForm, QuickContactForm
from customers.forms.contacts import NewContactForm
from customers.models import Contact
from customers.selectors import record as selectors
from customers.services.contacts import create_contact, update_contact
from customers.services.trash import trash_record
from customers.views.records import GroupEdit, NewRecordView, RecordPageView, list_of, seen_or_list


class ContactDetail(RecordPageView):
    model = Contact
    template_name = "customers/contact_detail.html"
    list_key = "contacts"

    def get_queryset(self) -> Any:
        return selectors.contact_rows(self.request.user)


class ContactCreate(NewRecordView):
    """`?customer=` prefills the customer."""

    model = Contact

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        return QuickContactForm if self.quick else NewContactForm

    def perform(self, form: Any, version: int | None) -> Contact:
        return create_contact(
            values=form.values(),
            actor=self.request.user,
            customer=form.cleaned_data.get("customer"),
            role=form.cleaned_data.get("role", ""),
            methods=form.methods(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(what="contact", **kwargs)


class ContactUpdate(RecordUpdateView):
    model = Contact
    object: Contact
    template_name = "customers/record_update.html"
    form_class = ContactForm

    def perform(self, form: Any, version: int | None) -> ChangeSet | None:
        return update_contact(
            self.object, values=form.values(), actor=self.request.user, expected_version=version
        )

    def get_success_url(self, result: Any) -> str:
        return seen_or_list(self.object, self.request.user)


class ContactGroupEdit(GroupEdit, ContactUpdate):
    """Inline edit of one group of fields."""

    def groups(self) -> Any:
        return CONTACT_GROUPS


class ContactDelete(RecordDeleteView):
    model = Contact

    def perform(self) -> ChangeSet:
        return trash_record(self.object, actor=self.request.user)

    def get_success_url(self) -> str:
        return list_of(Contact)
