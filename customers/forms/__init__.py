from customers.forms.contacts import CONTACT_GROUPS, ContactForm, QuickContactForm
from customers.forms.customers import (
    COMPANY_GROUPS,
    PERSON_GROUPS,
    CompanyForm,
    PersonForm,
    QuickCustomerForm,
    customer_form,
    groups_of,
)
from customers.forms.parts import (
    ConsentForm,
    ImportantDateForm,
    MembershipForm,
    MethodForm,
    RelationForm,
    StageForm,
    TagsForm,
)

__all__ = [
    "COMPANY_GROUPS",
    "CONTACT_GROUPS",
    "PERSON_GROUPS",
    "CompanyForm",
    "ConsentForm",
    "ContactForm",
    "ImportantDateForm",
    "MembershipForm",
    "MethodForm",
    "PersonForm",
    "QuickContactForm",
    "QuickCustomerForm",
    "RelationForm",
    "StageForm",
    "TagsForm",
    "customer_form",
    "groups_of",
]
