"""Names in cells that stand for rows of other tables: stages, sources, tags, people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Team, User
from core.imports.parsed import Reason
from core.text import fold
from customers.models import LifecycleStage, Source, Tag

if TYPE_CHECKING:
    from customers.imports.drafts import Draft


class Lookups:
    """Found once per session; sources and tags that do not exist are made, on a trial only counted."""

    def __init__(self, *, trial: bool) -> None:
        self.trial = trial
        self.made: dict[str, int] = {}
        self.stages = self._stages()
        self.first_stage = LifecycleStage.objects.order_by("position", "pk")[0]
        self._sources = {name.lower(): pk for pk, name in Source.objects.values_list("pk", "name")}
        self._tags: dict[str, int] = {}
        self._users = self._people()
        self._teams = {fold(name): pk for pk, name in Team.objects.values_list("pk", "name")}

    def _stages(self) -> dict[str, LifecycleStage]:
        found: dict[str, LifecycleStage] = {}
        for stage in LifecycleStage.objects.order_by("-position", "-pk"):
            found[fold(stage.kind)] = stage
            found[fold(stage.name)] = stage
            for code in ("en", "zh-hans"):
                with translation.override(code):
                    found[fold(str(stage))] = stage
        return found

    def _people(self) -> dict[str, User]:
        found: dict[str, User] = {}
        for user in User.objects.filter(is_active=True).select_related("team"):
            found[user.email.lower()] = user
            found.setdefault(fold(user.name), user)
        return found

    def stage(self, name: str | None) -> LifecycleStage | None:
        """The stage of this name or kind; the first one for a blank, None if there is none."""
        return self.stages.get(fold(name)) if name else self.first_stage

    def user(self, name: str) -> User | None:
        return self._users.get(name.strip().lower()) or self._users.get(fold(name))

    def team(self, name: str) -> int | None:
        return self._teams.get(fold(name))

    def settle(self, drafts: Sequence[Draft]) -> None:
        """Give the drafts of a chunk the ids of their sources and tags."""
        wanted = {name.lower() for draft in drafts for name in draft.tag_names}
        if wanted - self._tags.keys():
            for pk, name in Tag.objects.values_list("pk", "name"):
                self._tags.setdefault(name.lower(), pk)
        for draft in drafts:
            if draft.source:
                draft.values["source_id"] = self._get(Source, self._sources, draft.source)
            tags = (self._get(Tag, self._tags, name) for name in draft.tag_names)
            draft.tags = [pk for pk in tags if pk]

    def _get(self, model: Any, known: dict[str, int], name: str) -> int | None:
        key = name.lower()
        if key not in known:
            label = model._meta.label_lower
            self.made[label] = self.made.get(label, 0) + 1
            known[key] = 0 if self.trial else model.objects.create(name=name).pk
        return known[key] or None


def no_stage(header: str, value: str) -> Reason:
    return Reason(
        "no_stage",
        _("There is no stage “%(value)s”. Choose an existing one for it in the review step.")
        % {"value": value},
        header,
    )


def no_team(header: str, value: str) -> Reason:
    return Reason(
        "no_team",
        _("There is no team “%(value)s”. Choose an existing one for it in the review step.")
        % {"value": value},
        header,
    )


def no_user(header: str, value: str) -> Reason:
    return Reason(
        "no_user",
        _("Nobody here is called “%(value)s”. Choose a user for it in the review step.") % {"value": value},
        header,
    )
