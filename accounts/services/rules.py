"""The matrix of visibility: how far each role sees and edits each kind of record."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.constants import DEFAULT_LEVELS, Kind, Level, Role
from accounts.models import User, VisibilityRule
from accounts.models.audit import AuditAct
from accounts.services import audit
from core.exceptions import RuleViolation

Levels = tuple[str, str]
ORDER = [Level.NONE, Level.OWN, Level.TEAM, Level.ALL]


def current_levels() -> dict[tuple[str, str], Levels]:
    """(view, edit) of every role and kind, as they are in force."""
    found: dict[tuple[str, str], Levels] = {
        (role, kind): DEFAULT_LEVELS[role] for role in Role.values for kind in Kind.values
    }
    for row in VisibilityRule.objects.all():
        found[row.role, row.kind] = (row.view, row.edit)
    return found


def save_levels(*, levels: Mapping[tuple[str, str], Levels], actor: User) -> int:
    """Save the whole matrix; returns how many cells changed."""
    with transaction.atomic():
        # Any one row serves as the lock of the matrix; the actor's is always there.
        User.objects.select_for_update().get(pk=actor.pk)
        before = current_levels()
        changed = {}
        for (role, kind), (view, edit) in levels.items():
            if before[role, kind] == (view, edit):
                continue
            _set(role, kind, view, edit)
            changed[f"{role} {kind}"] = [list(before[role, kind]), [view, edit]]
        if changed:
            audit.record(AuditAct.VISIBILITY, actor=actor, changed=changed)
    return len(changed)


def _set(role: str, kind: str, view: str, edit: str) -> None:
    if ORDER.index(Level(edit)) > ORDER.index(Level(view)):
        raise RuleViolation(
            _("Nobody can edit more than they see."), field=f"{role}-{kind}-edit", code="levels"
        )
    rule = VisibilityRule.objects.filter(role=role, kind=kind).first()
    rule = rule or VisibilityRule(role=role, kind=kind)
    rule.view, rule.edit = view, edit
    try:
        rule.full_clean()
    except ValidationError as error:
        raise RuleViolation(error.messages[0], field=f"{role}-{kind}-edit", code="levels") from error
    rule.save()
