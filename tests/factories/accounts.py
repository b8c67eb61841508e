"""People, teams and settings for tests."""

from __future__ import annotations

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts import models
from accounts.constants import Level, Role
from accounts.models.audit import AuditAct
from accounts.models.notification import NotificationKind

PASSWORD = "correct horse battery"


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = models.Team

    name = factory.Sequence(lambda n: f"Team {n}")


class UserFactory(DjangoModelFactory):
    """A salesperson of no team; `UserFactory(role="manager", team=…)` for others."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = Role.SALES

    @classmethod
    def _create(cls, model_class: type[models.User], *args: Any, **kwargs: Any) -> models.User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(*args, password=password, **kwargs)


class ManagerFactory(UserFactory):
    role = Role.MANAGER


class AnalystFactory(UserFactory):
    role = Role.ANALYST


class AdministratorFactory(UserFactory):
    role = Role.ADMINISTRATOR


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation
        django_get_or_create = ("id",)

    id = 1
    name = "Acme"


class VisibilityRuleFactory(DjangoModelFactory):
    class Meta:
        model = models.VisibilityRule

    role = Role.SALES
    kind = "customer"
    view = Level.TEAM
    edit = Level.OWN


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = models.Notification

    user = factory.SubFactory(UserFactory)
    kind = NotificationKind.ASSIGNED
    text = "%(name)s was given to you"
    params = factory.LazyFunction(lambda: {"name": "Acme"})
    created_at = factory.LazyFunction(timezone.now)


class NotificationPreferenceFactory(DjangoModelFactory):
    class Meta:
        model = models.NotificationPreference

    user = factory.SubFactory(UserFactory)
    kind = NotificationKind.ASSIGNED


class AuditEntryFactory(DjangoModelFactory):
    class Meta:
        model = models.AuditEntry

    act = AuditAct.SIGNED_IN
    subject = factory.SubFactory(UserFactory)
