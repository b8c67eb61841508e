"""The library of objections, and which of them was heard in a deal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.models import ChangeSet
from deals.models import Deal, DealObjection, Objection, ObjectionAnswer
from deals.services.stages import lock

Kind = ChangeSet.Kind
TWICE = timedelta(seconds=30)


def create_objection(*, values: Mapping[str, Any], actor: Any) -> Objection:
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        return log.create(Objection(**values))


def update_objection(
    objection: Objection, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        log.update(objection, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def log_objection(
    deal: Deal,
    *,
    actor: Any,
    objection: Objection | None = None,
    text: str = "",
    answer: ObjectionAnswer | None = None,
    note: str = "",
) -> DealObjection:
    """Note an objection heard in a deal: one of the library, or new words, which join the library."""
    with change_set(kind=Kind.CREATE, actor=actor) as log:
        lock(deal)
        if objection is None:
            objection = _in_library(text, log)
        _check(objection, answer)
        same = {"deal": deal, "objection": objection, "answer": answer, "by": actor, "note": note}
        # A form that was sent twice says nothing new.
        just_now = DealObjection.objects.alive().filter(**same, at__gte=timezone.now() - TWICE).first()
        return just_now or log.create(DealObjection(**same))


def update_deal_objection(
    row: DealObjection, *, values: Mapping[str, Any], actor: Any, expected_version: int | None = None
) -> ChangeSet | None:
    with change_set(kind=Kind.EDIT, actor=actor) as log:
        _check(row.objection, values.get("answer"))
        log.update(row, values, expected_version=expected_version)
    return log.row if log.row.pk else None


def _in_library(text: str, log: ChangeLog) -> Objection:
    """The objection in these words; whoever writes them twice gets the same one."""
    words = " ".join(text.split())
    if not words:
        raise RuleViolation(_("Choose an objection, or say in a few words what was said."), field="text")
    found = Objection.objects.alive().filter(text__iexact=words).order_by("pk").first()
    return found or log.create(Objection(text=words))


def _check(objection: Objection, answer: ObjectionAnswer | None) -> None:
    if answer is not None and answer.objection_id != objection.pk:
        raise RuleViolation(_("This answer belongs to another objection."), field="answer")
