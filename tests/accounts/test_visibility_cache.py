"""The rules come from the shared cache, and nobody is ever answered by rules that were changed."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts import visibility
from accounts.models import Team, VisibilityRule
from accounts.services.teams import update_team
from accounts.visibility import access
from tests.factories.accounts import AdministratorFactory, TeamFactory, UserFactory, VisibilityRuleFactory

pytestmark = pytest.mark.django_db(transaction=True)


def level(person):
    """As another request, with a user object of its own, sees it."""
    return access(type(person).objects.get(pk=person.pk)).level("customer")


def test_a_second_request_asks_the_database_nothing(django_assert_num_queries):
    person = UserFactory(role="sales", team=TeamFactory())
    assert level(person) == "team"
    fresh = type(person).objects.get(pk=person.pk)
    with django_assert_num_queries(0):
        assert access(fresh).level("customer") == "team"
        assert access(fresh).team_ids == [person.team_id]


def test_a_changed_or_deleted_rule_holds_at_once():
    person = UserFactory(role="sales")
    assert level(person) == "team"
    rule = VisibilityRuleFactory(role="sales", kind="customer", view="none", edit="none")
    assert level(person) == "none"
    rule.view = "own"
    rule.save()
    assert level(person) == "own"
    rule.delete()
    assert level(person) == "team"


def test_a_moved_team_is_seen_at_once():
    top, other = TeamFactory(), TeamFactory()
    person = UserFactory(role="sales", team=top)
    assert access(type(person).objects.get(pk=person.pk)).team_ids == [top.pk]
    update_team(team=other, name=other.name, parent=top, actor=AdministratorFactory())
    assert access(type(person).objects.get(pk=person.pk)).team_ids == [top.pk, other.pk]
    Team.objects.get(pk=other.pk).delete()
    assert access(type(person).objects.get(pk=person.pk)).team_ids == [top.pk]


def test_a_rule_that_was_rolled_back_is_not_kept():
    person = UserFactory(role="sales")
    with transaction.atomic():
        VisibilityRule.objects.create(role="sales", kind="customer", view="all", edit="all")
        assert level(person) == "all"  # this transaction sees its own rule
        transaction.set_rollback(True)
    assert level(person) == "team"


def test_a_slow_reader_does_not_put_old_rules_back(monkeypatch):
    person = UserFactory(role="sales")
    read = visibility._read_rules

    def slow():
        rules = read()
        monkeypatch.setattr(visibility, "_read_rules", read)
        # While this process was reading, another one changed a rule.
        VisibilityRuleFactory(role="sales", kind="customer", view="none", edit="none")
        return rules

    monkeypatch.setattr(visibility, "_read_rules", slow)
    assert level(person) == "team"
    assert level(person) == "none"


def test_an_emptied_cache_starts_again():
    person = UserFactory(role="sales")
    assert level(person) == "team"
    cache.clear()
    assert level(person) == "team"
