"""Customers, contacts and their parts for tests.

The factories write through the change log, like the product does, so that search text and
sort keys are there; `origin` is the change set of the factory.
"""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.changes import change_set
from core.models import ChangeSet, Record
from customers import models
from customers.constants import ConsentPurpose, CustomerKind, MethodKind, RelationKind
from customers.services.methods import method_key
from tests.factories.accounts import UserFactory


def stage(kind: str = "lead") -> models.LifecycleStage:
    """One of the stages a migration makes, by kind."""
    return models.LifecycleStage.objects.filter(kind=kind).order_by("position", "pk")[0]


class LoggedFactory(DjangoModelFactory):
    """Creates through the change log; many-to-many fields may be given as lists."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Record], *args: Any, **kwargs: Any) -> Record:
        many = {f.name for f in model_class._meta.many_to_many}
        links = {name: kwargs.pop(name) for name in many & kwargs.keys()}
        with change_set(kind=ChangeSet.Kind.CREATE, actor=None) as log:
            obj = log.create(model_class(*args, **kwargs), validate=False)
        for name, rows in links.items():
            getattr(obj, name).set(rows)
        obj.refresh_from_db()
        return obj


class LifecycleStageFactory(DjangoModelFactory):
    class Meta:
        model = models.LifecycleStage

    name = factory.Sequence(lambda n: f"Stage {n}")
    kind = "lead"
    position = factory.Sequence(lambda n: 10 + n)


class TagFactory(DjangoModelFactory):
    class Meta:
        model = models.Tag

    name = factory.Sequence(lambda n: f"Tag {n}")


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    name = factory.Sequence(lambda n: f"Source {n}")


class CustomerFactory(LoggedFactory):
    """A company without owner; `CustomerFactory(owner=user, team=user.team)` for others."""

    class Meta:
        model = models.Customer

    name = factory.Sequence(lambda n: f"Company {n}")
    stage = factory.LazyFunction(stage)


class PersonCustomerFactory(CustomerFactory):
    kind = CustomerKind.PERSON
    given_name = "Ada"
    family_name = factory.Sequence(lambda n: f"Lovelace {n}")
    name = factory.LazyAttribute(lambda o: f"{o.given_name} {o.family_name}")


class ContactFactory(LoggedFactory):
    """A contact; `customer=` makes the membership too."""

    class Meta:
        model = models.Contact

    given_name = "Grace"
    family_name = factory.Sequence(lambda n: f"Hopper {n}")
    name = factory.LazyAttribute(lambda o: f"{o.given_name} {o.family_name}")

    @classmethod
    def _create(cls, model_class: type[Record], *args: Any, **kwargs: Any) -> Record:
        customer = kwargs.pop("customer", None)
        contact = super()._create(model_class, *args, **kwargs)
        if customer is not None:
            MembershipFactory(contact=contact, customer=customer)
        return contact


class MembershipFactory(LoggedFactory):
    class Meta:
        model = models.Membership

    contact = factory.SubFactory(ContactFactory)
    customer = factory.SubFactory(CustomerFactory)


class ContactMethodFactory(LoggedFactory):
    """An e-mail address; give `customer` or `contact`."""

    class Meta:
        model = models.ContactMethod

    kind = MethodKind.EMAIL
    value = factory.Sequence(lambda n: f"mail{n}@example.com")
    key = factory.LazyAttribute(lambda o: method_key(o.kind, o.value))


class ConsentFactory(LoggedFactory):
    class Meta:
        model = models.Consent

    purpose = ConsentPurpose.EMAIL_MARKETING
    given_at = factory.LazyFunction(timezone.now)


class ImportantDateFactory(LoggedFactory):
    class Meta:
        model = models.ImportantDate

    contact = factory.SubFactory(ContactFactory)
    label = "Anniversary"
    on = factory.LazyFunction(lambda: timezone.now().date())


class RelationFactory(LoggedFactory):
    class Meta:
        model = models.Relation

    contact = factory.SubFactory(ContactFactory)
    kind = RelationKind.COLLEAGUE
    other = factory.SubFactory(ContactFactory)


class StageChangeFactory(LoggedFactory):
    class Meta:
        model = models.StageChange

    customer = factory.SubFactory(CustomerFactory)
    to_stage = factory.LazyFunction(stage)
    at = factory.LazyFunction(timezone.now)


class DuplicatePairFactory(DjangoModelFactory):
    class Meta:
        model = models.DuplicatePair

    first = factory.SubFactory(CustomerFactory)
    second = factory.SubFactory(CustomerFactory)
    score = 80
    reasons = factory.LazyFunction(lambda: ["email"])


class DuplicateContactPairFactory(DjangoModelFactory):
    class Meta:
        model = models.DuplicateContactPair

    first = factory.SubFactory(ContactFactory)
    second = factory.SubFactory(ContactFactory)
    score = 80
    reasons = factory.LazyFunction(lambda: ["email"])


class FavouriteFactory(DjangoModelFactory):
    class Meta:
        model = models.Favourite

    user = factory.SubFactory(UserFactory)
    customer = factory.SubFactory(CustomerFactory)
