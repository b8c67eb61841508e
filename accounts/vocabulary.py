"""What the organisation calls the people and companies it serves.

`vocabulary()` answers whole phrases, not words to build sentences from: languages differ in how
they join them. Templates have it as ``words``: ``{{ words.new_customer }}``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.constants import Kind
from accounts.models import Organisation
from accounts.organisation import get_organisation


@dataclass(frozen=True)
class Words:
    """Phrases about customers, each translated when it is read."""

    customer: Any
    customers: Any
    new_customer: Any
    edit_customer: Any
    all_customers: Any
    my_customers: Any
    import_customers: Any
    export_customers: Any
    merge_customers: Any
    no_customers: Any
    customer_name: Any
    customer_number: Any
    find_customer: Any
    about_customers: Any


_KINDS = Organisation.Vocabulary

_WORDS: dict[str, Words] = {
    _KINDS.CUSTOMER: Words(
        customer=_("Customer"),
        customers=_("Customers"),
        new_customer=_("New customer"),
        edit_customer=_("Edit customer"),
        all_customers=_("All customers"),
        my_customers=_("My customers"),
        import_customers=_("Import customers"),
        export_customers=_("Export customers"),
        merge_customers=_("Merge customers"),
        no_customers=_("No customers yet"),
        customer_name=_("Customer name"),
        customer_number=_("Customer number"),
        find_customer=_("Find a customer"),
        about_customers=_("Companies and people you do business with, from first lead to loyal customer."),
    ),
    _KINDS.PATIENT: Words(
        customer=_("Patient"),
        customers=_("Patients"),
        new_customer=_("New patient"),
        edit_customer=_("Edit patient"),
        all_customers=_("All patients"),
        my_customers=_("My patients"),
        import_customers=_("Import patients"),
        export_customers=_("Export patients"),
        merge_customers=_("Merge patients"),
        no_customers=_("No patients yet"),
        customer_name=_("Patient name"),
        customer_number=_("Patient number"),
        find_customer=_("Find a patient"),
        about_customers=_("The patients you care for, from first enquiry on."),
    ),
    _KINDS.STUDENT: Words(
        customer=_("Student"),
        customers=_("Students"),
        new_customer=_("New student"),
        edit_customer=_("Edit student"),
        all_customers=_("All students"),
        my_customers=_("My students"),
        import_customers=_("Import students"),
        export_customers=_("Export students"),
        merge_customers=_("Merge students"),
        no_customers=_("No students yet"),
        customer_name=_("Student name"),
        customer_number=_("Student number"),
        find_customer=_("Find a student"),
        about_customers=_("The students you teach, from first enquiry on."),
    ),
}


def vocabulary() -> Words:
    """The phrases of this organisation."""
    return words_of(get_organisation().vocabulary)


def words_of(key: str) -> Words:
    """The phrases of one choice of words."""
    return _WORDS[key]


def kind_label(kind: str) -> Any:
    """The name of a kind of record in the visibility rules."""
    return vocabulary().customers if kind == Kind.CUSTOMER else Kind(kind).label
