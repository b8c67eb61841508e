"""The tree of teams."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.models.audit import AuditAct
from accounts.services import audit
from core.exceptions import RuleViolation


def create_team(*, name: str, parent: Team | None = None, actor: User) -> Team:
    """Add a team, at the top or as part of another one."""
    with transaction.atomic():
        team = Team(name=name, parent=parent)
        _checked(team)
        team.save()
        audit.record(AuditAct.TEAM, actor=actor, team=team.name, created=True)
    return team


def update_team(*, team: Team, name: str, parent: Team | None, actor: User) -> Team:
    """Rename or move a team. It cannot become part of itself or of a team below it."""
    with transaction.atomic():
        # All rows, so that two moves at once cannot close a ring between them.
        rows = {row.pk: row for row in Team.objects.select_for_update().order_by("pk")}
        locked = rows[team.pk]
        if parent is not None:
            check_parent(team=locked, parent=parent, rows=rows)
        before = {"name": locked.name, "parent": locked.parent_id}
        locked.name, locked.parent = name, parent
        _checked(locked)
        locked.save()
        after = {"name": locked.name, "parent": locked.parent_id}
        changed = audit.differences(before, after)
        if changed:
            audit.record(AuditAct.TEAM, actor=actor, team=locked.name, changed=changed)
    return locked


def delete_team(*, team: Team, actor: User) -> None:
    """Delete a team that nothing belongs to any more."""
    with transaction.atomic():
        try:
            team.delete()
        except models.ProtectedError as error:
            raise RuleViolation(
                _("People, records or other teams still belong to this team."), code="in_use"
            ) from error
        audit.record(AuditAct.TEAM, actor=actor, team=team.name, deleted=True)


def check_parent(*, team: Team, parent: Team, rows: dict[int, Team] | None = None) -> None:
    """Refuse a parent that is the team itself or stands below it."""
    rows = rows if rows is not None else Team.objects.in_bulk()
    above = rows.get(parent.pk)
    while above is not None:
        if above.pk == team.pk:
            raise RuleViolation(
                _("A team cannot be part of itself or of a team below it."),
                field="parent",
                code="cycle",
            )
        above = rows.get(above.parent_id) if above.parent_id else None


def _checked(team: Team) -> None:
    try:
        team.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RuleViolation(
            messages[0], field=field if field in ("name", "parent") else None, code="invalid"
        ) from error
