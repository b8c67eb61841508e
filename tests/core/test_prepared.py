"""Queries that are worded once give what the ORM gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.backends import RecordBackend
from accounts.models import User
from core.models import SavedView
from core.prepared import Prepared
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_numbers_and_texts_are_filled_in(django_assert_num_queries: Any) -> None:
    one, two = UserFactory(name="One"), UserFactory(name="Two")
    for owner, page in ((one, "customers"), (two, "customers"), (one, "orders")):
        SavedView.objects.create(owner=owner, page=page, name=f"{owner} {page}", shared=owner == two)
    views = Prepared(
        lambda owner, page: SavedView.objects.filter(owner=owner, page=page).values_list("name", "shared"),
        int,
        str,
    )
    with django_assert_num_queries(3):
        assert [tuple(row) for row in views(one.pk, "customers")] == [("One customers", False)]
        assert [tuple(row) for row in views(two.pk, "customers")] == [("Two customers", True)]
        assert views(two.pk, "orders") == []


def test_the_person_of_a_session_is_read_whole() -> None:
    person = UserFactory(last_login=timezone.now())
    found = RecordBackend().get_user(person.pk)
    expected = User.objects.get(pk=person.pk)
    assert isinstance(found, User)
    for field in User._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(expected, field.attname), field.name
    assert found._state.adding is False
    person.is_active = False
    person.save()
    assert RecordBackend().get_user(person.pk) is None
    assert RecordBackend().get_user(0) is None
