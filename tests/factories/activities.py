"""Activities, tasks and what belongs to them for tests; written through the change log."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from activities import models
from activities.constants import ActivityKind, Interval, Repeat
from activities.services.attachments import add_attachment
from activities.services.calendar_links import hash_of
from tests.factories.accounts import UserFactory
from tests.factories.customers import CustomerFactory, LoggedFactory


class ActivityFactory(LoggedFactory):
    """A call from us, now; `contacts=[…]` and `users=[…]` took part."""

    class Meta:
        model = models.Activity

    kind = ActivityKind.CALL
    subject = factory.Sequence(lambda n: f"Call {n}")
    customer = factory.SubFactory(CustomerFactory)


class TaskFactory(LoggedFactory):
    """A task due on a fixed day; `repeat="weekly"` starts a series."""

    class Meta:
        model = models.Task

    title = factory.Sequence(lambda n: f"Task {n}")
    assignee = factory.SubFactory(UserFactory)
    author = factory.SelfAttribute("assignee")
    due_on = date(2026, 3, 2)

    @classmethod
    def _create(cls, model_class: type[models.Task], *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("repeat", Repeat.NONE) != Repeat.NONE:
            kwargs.setdefault("series", uuid4())
            kwargs.setdefault("repeat_from", kwargs["due_on"])
            kwargs.setdefault("scheduled_on", kwargs["due_on"])
        return super()._create(model_class, *args, **kwargs)


class CadencePlanFactory(LoggedFactory):
    class Meta:
        model = models.CadencePlan

    customer = factory.SubFactory(CustomerFactory)
    interval = Interval.MONTHLY
    starts_on = date(2026, 3, 2)


class AttachmentFactory(DjangoModelFactory):
    """A small text file, stored through the service."""

    class Meta:
        model = models.Attachment

    customer = factory.SubFactory(CustomerFactory)
    actor = factory.SubFactory(UserFactory)
    file_name = "offer.txt"
    content = b"hello"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> models.Attachment:
        file = SimpleUploadedFile("x", kwargs.pop("content"))
        file._name = kwargs.pop("file_name")
        return add_attachment(file=file, **kwargs).record


class CalendarLinkFactory(DjangoModelFactory):
    class Meta:
        model = models.CalendarLink

    user = factory.SubFactory(UserFactory)
    sha256 = factory.Sequence(lambda n: hash_of(f"secret-{n}"))
