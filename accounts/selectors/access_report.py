"""What one person can see, and why, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.constants import Level
from accounts.models import Team, User
from accounts.visibility import access, registered_models
from accounts.vocabulary import kind_label

COUNT_LIMIT = 100_000


@dataclass(frozen=True)
class Row:
    """One model: how far the person sees and edits it, and how much that is."""

    label: Any
    kind: Any
    view: Any
    edit: Any
    visible: int
    editable: int
    total: int


@dataclass(frozen=True)
class Verdict:
    """Whether one record is visible and editable, and every reason for it."""

    record: Model
    label: Any
    visible: bool
    editable: bool
    reasons: list[str]


def report(person: User) -> list[Row]:
    """A row for each model with visibility rules."""
    rights = access(person)
    rows = []
    for kind, model in registered_models():
        manager: Any = model._default_manager
        rows.append(
            Row(
                label=model._meta.verbose_name_plural,
                kind=kind_label(kind),
                view=Level(rights.level(kind)).label,
                edit=Level(rights.level(kind, edit=True)).label,
                visible=manager.visible_to(person).bounded_count(COUNT_LIMIT),
                editable=manager.editable_by(person).bounded_count(COUNT_LIMIT),
                total=manager.all().alive().bounded_count(COUNT_LIMIT),
            )
        )
    return rows


def teams_of(person: User) -> list[Team]:
    """The person's team and all below it."""
    return list(Team.objects.filter(pk__in=access(person).team_ids))


def find_record(text: str) -> tuple[str, Model] | None:
    """The record behind an address of this site, or behind ``customer 12``."""
    text = text.strip()
    if not text:
        return None
    return _by_name(text) or _by_address(text)


def _by_name(text: str) -> tuple[str, Model] | None:
    name, _space, number = text.replace("#", " ").rpartition(" ")
    if not number.isdecimal() or len(number) > 18:
        return None
    for kind, model in registered_models():
        if name.strip().lower() in (model._meta.model_name, str(model._meta.verbose_name).lower()):
            found = model._base_manager.filter(pk=int(number)).first()
            return (kind, found) if found else None
    return None


def _by_address(text: str) -> tuple[str, Model] | None:
    path = urlsplit(text).path
    try:
        values = resolve(path).kwargs
    except Resolver404:
        return None
    key = values.get("pk")
    if key is None:
        return None
    for kind, model in registered_models():
        found: Any = model._base_manager.filter(pk=key).first()
        address = getattr(found, "get_absolute_url", None)
        if address and path.startswith(address()):
            return kind, found
    return None


def explain(person: User, kind: str, record: Any) -> Verdict:
    """Why this person sees this record, or does not."""
    manager: Any = type(record)._default_manager
    visible = manager.visible_to(person).filter(pk=record.pk).exists()
    editable = manager.editable_by(person).filter(pk=record.pk).exists()
    reasons = _general(person, kind, record)
    ties = [] if not person.is_active else _ties(person, kind, record)
    reasons += ties
    if visible and not reasons:
        reasons.append(_("It is seen together with the record it belongs to."))
    if not visible and not reasons:
        reasons.append(_("Nothing ties this person to the record: not owner, team or sharing."))
    if visible and not editable:
        reasons.append(
            _("It is read-only for this role: the level of editing is %(level)s.")
            % {"level": Level(access(person).level(kind, edit=True)).label}
        )
    return Verdict(
        record=record,
        label=type(record)._meta.verbose_name,
        visible=visible,
        editable=editable,
        reasons=reasons,
    )


def _general(person: User, kind: str, record: Any) -> list[str]:
    """Reasons that hold whoever owns the record."""
    level = access(person).level(kind)
    if not person.is_active:
        return [_("This person is deactivated and sees nothing.")]
    reasons = []
    if record.deleted_at is not None:
        reasons.append(_("It is in the trash."))
    if level == Level.NONE:
        reasons.append(_("This role sees no records of this kind."))
    if level == Level.ALL:
        reasons.append(_("This role sees all records of this kind."))
    return reasons


def _ties(person: User, kind: str, record: Any) -> list[str]:
    """What links the person to the record."""
    level = access(person).level(kind)
    reasons = []
    if getattr(record, "owner_id", None) == person.pk:
        reasons.append(_("This person owns it."))
    team = getattr(record, "team", None)
    if team is not None and team.pk in access(person).team_ids:
        if level == Level.TEAM:
            reasons.append(_("It belongs to the team %(team)s, which this role sees.") % {"team": team})
        elif level == Level.OWN:
            reasons.append(
                _("It belongs to the team %(team)s, but this role sees only its own records.")
                % {"team": team}
            )
    if _has(record, "collaborators") and record.collaborators.filter(pk=person.pk).exists():
        reasons.append(_("It is shared with this person."))
    return reasons


def _has(record: Model, name: str) -> bool:
    try:
        record._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
