"""The tree of teams."""

from __future__ import annotations

import pytest

from accounts.models import Team
from accounts.selectors.people import team_tree
from accounts.services import teams
from accounts.visibility import access
from core.exceptions import RuleViolation
from tests.factories.accounts import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_team_cannot_be_part_of_itself_or_of_one_below(admin):
    top = TeamFactory()
    middle = TeamFactory(parent=top)
    low = TeamFactory(parent=middle)
    for parent in (top, middle, low):
        with pytest.raises(RuleViolation) as caught:
            teams.update_team(team=top, name=top.name, parent=parent, actor=admin)
        assert (caught.value.code, caught.value.field) == ("cycle", "parent")


def test_moving_a_team_moves_what_its_managers_see(admin):
    north, south = TeamFactory(name="North"), TeamFactory(name="South")
    city = TeamFactory(name="City", parent=north)
    manager = UserFactory(role="manager", team=south)
    assert set(access(manager).team_ids) == {south.pk}
    teams.update_team(team=city, name="City", parent=south, actor=admin)
    fresh = type(manager).objects.get(pk=manager.pk)
    assert set(access(fresh).team_ids) == {south.pk, city.pk}


def test_only_an_empty_team_is_deleted(admin):
    used = TeamFactory()
    UserFactory(team=used)
    parent = TeamFactory()
    TeamFactory(parent=parent)
    for team in (used, parent):
        with pytest.raises(RuleViolation, match="still belong"):
            teams.delete_team(team=team, actor=admin)
    empty = TeamFactory()
    teams.delete_team(team=empty, actor=admin)
    assert not Team.objects.filter(name=empty.name).exists()


def test_names_are_unique(admin):
    TeamFactory(name="North")
    with pytest.raises(RuleViolation) as caught:
        teams.create_team(name="North", actor=admin)
    assert caught.value.field == "name"


def test_the_tree_lists_each_team_after_its_parent():
    top = TeamFactory(name="B top")
    TeamFactory(name="A below", parent=top)
    TeamFactory(name="A other")
    rows = [(row.team.name, row.depth, row.parent_name) for row in team_tree()]
    assert rows == [("A other", 0, ""), ("B top", 0, ""), ("A below", 1, "B top")]
