"""Rows of core for tests: logs, jobs, imports, views."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from core import models
from tests.factories.accounts import UserFactory


class ChangeSetFactory(DjangoModelFactory):
    class Meta:
        model = models.ChangeSet

    kind = models.ChangeSet.Kind.EDIT
    actor = factory.SubFactory(UserFactory)


class ChangeFactory(DjangoModelFactory):
    class Meta:
        model = models.Change

    change_set = factory.SubFactory(ChangeSetFactory)
    model = "customers.customer"
    object_id = factory.Sequence(lambda n: n + 1)
    before = factory.LazyFunction(lambda: {"name": "Old"})
    after = factory.LazyFunction(lambda: {"name": "New"})
    version = 2


class CustomFieldFactory(DjangoModelFactory):
    class Meta:
        model = models.CustomField

    model = "customers.customer"
    key = factory.Sequence(lambda n: f"field_{n}")
    label = factory.Sequence(lambda n: f"Field {n}")
    kind = models.CustomField.Kind.TEXT


class JobFactory(DjangoModelFactory):
    class Meta:
        model = models.Job

    kind = "tests.nothing"
    requested_by = factory.SubFactory(UserFactory)


class ExportLogFactory(DjangoModelFactory):
    class Meta:
        model = models.ExportLog

    user = factory.SubFactory(UserFactory)
    page = "customers"
    kind = "csv"


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = models.ImportRun

    target = "customers"
    filename = "customers.csv"
    token = factory.Sequence(lambda n: f"token{n}")
    created_by = factory.SubFactory(UserFactory)


class ImportRowFactory(DjangoModelFactory):
    class Meta:
        model = models.ImportRow

    run = factory.SubFactory(ImportRunFactory)
    number = factory.Sequence(lambda n: n + 1)
    outcome = "error"
    reason = "The name is missing."


class ImportMappingFactory(DjangoModelFactory):
    class Meta:
        model = models.ImportMapping

    target = "customers"
    name = factory.Sequence(lambda n: f"Mapping {n}")


class RecentRecordFactory(DjangoModelFactory):
    class Meta:
        model = models.RecentRecord

    user = factory.SubFactory(UserFactory)
    model = "customers.customer"
    object_id = factory.Sequence(lambda n: n + 1)


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = models.SavedView

    page = "customers"
    name = factory.Sequence(lambda n: f"View {n}")
    owner = factory.SubFactory(UserFactory)


class SharedLinkFactory(DjangoModelFactory):
    class Meta:
        model = models.SharedLink

    purpose = "quote"
    object_id = factory.Sequence(lambda n: n + 1)
    nonce = factory.Sequence(lambda n: f"{n:032x}")
    created_by = factory.SubFactory(UserFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
