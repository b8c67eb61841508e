"""Who may see what, worked out once per request and person.

`Access` is what every `visible_to` and `editable_by` asks, kept on the user object, which lives for
one request. The rules and the tree of teams come from the shared cache, under a version that every
change of either renews: a process never answers by rules that were changed before it was asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Model, Q
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.constants import DEFAULT_LEVELS, ROLE_ACTS, Level
from accounts.models import Team, User, VisibilityRule
from core import shared_cache

_VERSION, _KEPT = "visibility.version", "visibility.rules"
_SECONDS = 60  # the bound for writes that bypass the models, by hand in the database
shared_cache.read_on_every_page(_VERSION, _KEPT)


@dataclass(frozen=True)
class Rules:
    """What the access of everybody is worked out from."""

    levels: dict[tuple[str, str], tuple[str, str]]  # (role, kind) -> (view, edit)
    below: dict[int, list[int]]  # team -> the teams directly under it


class Access:
    """The levels and teams of one person."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._rules: Rules | None = None
        self._team_ids: list[int] | None = None
        # Ids of records shared with the person, by table: one page asks for them many times.
        self.shared: dict[str, list[int]] = {}

    def level(self, kind: str, *, edit: bool = False) -> str:
        """The view or edit level for a kind of record; editing never reaches further than seeing."""
        if not self.user.is_active:
            return Level.NONE
        role = self.user.role
        view, change = self.rules.levels.get((role, str(kind)), DEFAULT_LEVELS[role])
        if not edit:
            return view
        order = [Level.NONE, Level.OWN, Level.TEAM, Level.ALL]
        return order[min(order.index(Level(view)), order.index(Level(change)))]

    def may(self, act: str) -> bool:
        """Acts that are not about one record: import, export, administer."""
        return self.user.is_active and act in ROLE_ACTS[self.user.role]

    @property
    def rules(self) -> Rules:
        """The rules as they were when this request first asked."""
        if self._rules is None:
            self._rules = _current_rules()
        return self._rules

    @property
    def team_ids(self) -> list[int]:
        """The person's team and all teams below it."""
        if self._team_ids is None:
            self._team_ids = _subtree(self.user.team_id, self.rules.below) if self.user.team_id else []
        return self._team_ids

    def owned_filter(self, level: str, *, owner: str = "owner", team: str = "team") -> Q | None:
        """The condition for OWN and TEAM; None where the level is ALL."""
        if level == Level.ALL:
            return None
        if level == Level.NONE:
            return Q(pk__in=[])
        mine = Q(**{owner: self.user.pk})
        if level == Level.TEAM and self.team_ids:
            return mine | Q(**{f"{team}__in": self.team_ids})
        return mine


def access(user: Any) -> Access:
    """The Access of a user, kept on the object."""
    found = getattr(user, "_access", None)
    if found is None:
        found = user._access = Access(user)
    return found


# The models of each kind, so that administrators can ask what somebody sees of them.
_kinds: dict[str, list[type[Model]]] = {}


def register_kind(kind: str, model: type[Model]) -> None:
    """Records of `model` follow the visibility rules of `kind`; called from ``AppConfig.ready``."""
    models = _kinds.setdefault(str(kind), [])
    if model not in models:
        models.append(model)


def registered_models() -> list[tuple[str, type[Model]]]:
    """Every kind and model registered, in the order of registration."""
    return [(kind, model) for kind, models in _kinds.items() for model in models]


def forget(user: Any) -> None:
    """Drop what was worked out, after role, team or rules changed within a request."""
    user.__dict__.pop("_access", None)


@receiver([post_save, post_delete], sender=VisibilityRule)
@receiver([post_save, post_delete], sender=Team)
def forget_rules(**kwargs: Any) -> None:
    """After a change of a rule or a team: now for this transaction, and when others can read it."""
    _renew()
    transaction.on_commit(_renew)


def _renew() -> None:
    shared_cache.set(_VERSION, uuid4().hex, None)


def _current_rules() -> Rules:
    """From the cache if nothing changed since, else from the database."""
    known = shared_cache.get_many([_VERSION, _KEPT])
    version = known[_VERSION]
    kept_version, rules = known[_KEPT] or (None, None)
    if rules is not None and version and version == kept_version:
        return rules
    if not version:
        version = shared_cache.get_or_set(_VERSION, uuid4().hex)
    rules = _read_rules()
    # Inside a transaction they may hold what is rolled back later.
    if not connection.in_atomic_block:
        shared_cache.set(_KEPT, (version, rules), _SECONDS)
    return rules


def _read_rules() -> Rules:
    rows = VisibilityRule.objects.order_by().values_list("role", "kind", "view", "edit")
    below: dict[int, list[int]] = {}
    for pk, parent in Team.objects.order_by("pk").values_list("pk", "parent"):
        if parent is not None:
            below.setdefault(parent, []).append(pk)
    return Rules({(role, kind): (view, edit) for role, kind, view, edit in rows}, below)


def _subtree(root: int, below: dict[int, list[int]]) -> list[int]:
    found, queue = [], [root]
    while queue:
        team = queue.pop()
        found.append(team)
        queue += below.get(team, [])
    return found
