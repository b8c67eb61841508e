from customers.models.consent import Consent
from customers.models.contact import Contact, ImportantDate, Membership, Relation
from customers.models.customer import Customer
from customers.models.duplicates import DuplicateContactPair, DuplicatePair
from customers.models.favourite import Favourite
from customers.models.lifecycle import LifecycleStage, StageChange
from customers.models.lookups import Source, Tag
from customers.models.method import ContactMethod

__all__ = [
    "Consent",
    "Contact",
    "ContactMethod",
    "Customer",
    "DuplicateContactPair",
    "DuplicatePair",
    "Favourite",
    "ImportantDate",
    "LifecycleStage",
    "Membership",
    "Relation",
    "Source",
    "StageChange",
    "Tag",
]
