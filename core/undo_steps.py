"""Undo of a large change set in steps, each a transaction, so that it can be stopped and go on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from core import undo as whole
from core.changes import ChangeLog, change_set
from core.exceptions import RuleViolation
from core.jobs import Running
from core.models.change import Change, ChangeSet
from core.undo import UndoResult

STEP = 1_000


def undo_in_steps(row: ChangeSet, job: Running) -> dict[str, int]:
    """Reverse `row` as the person who asked for `job`, as `core.undo.undo` does; `job` keeps the
    place. Records out of their reach stay as they are. Returns the three buckets."""
    cursor = dict(job.cursor or job.arguments.get("cursor") or {})
    if not cursor:
        cursor = _begin(row, job)
    while cursor["phase"] != "end":
        undo_row = ChangeSet.objects.get(pk=cursor["undo"])
        with change_set(kind=ChangeSet.Kind.UNDO, actor=job.actor, existing=undo_row) as log:
            result = _step(row, log, cursor)
            cursor["result"] = asdict(UndoResult(**cursor["result"]) + result)
            log.touched = result.reversed
            undo_row.undo_result = cursor["result"]
            undo_row.save(update_fields=["undo_result"])
            job.step(done=cursor["done"], total=cursor["total"], cursor=cursor)
    return cursor["result"]


def _begin(row: ChangeSet, job: Running) -> dict[str, Any]:
    with change_set(kind=ChangeSet.Kind.UNDO, actor=job.actor) as log:
        locked = ChangeSet.objects.select_for_update().get(pk=row.pk)
        if ChangeSet.objects.filter(undo_of=locked).exists():
            raise RuleViolation(_("This has already been undone."), code="undone")
        log.touched += 1  # an undo is told in the history even when nothing was left to do
        log.row.undo_of = locked
        log.row.undo_result = asdict(UndoResult())
        log.row.save(update_fields=["undo_of", "undo_result"])
        cursor: dict[str, Any] = {
            "undo": log.row.pk,
            "phase": "updates",
            "last": None,
            "models": list(reversed(row.created_models)),
            "done": 0,
            "total": max(row.total, 1),
            "result": asdict(UndoResult()),
        }
        job.step(done=0, total=cursor["total"], cursor=cursor)
        return cursor


def _step(row: ChangeSet, log: ChangeLog, cursor: dict[str, Any]) -> UndoResult:
    """One page of changes, or one chunk of created rows; moves the cursor on."""
    if cursor["phase"] == "updates":
        return _update_step(row, log, cursor)
    if not cursor["models"]:
        cursor["phase"] = "end"
        return UndoResult()
    model = apps.get_model(cursor["models"][0])
    rows = model._base_manager.filter(origin=row).order_by("-pk")  # parts of a kind: newest first
    if cursor["last"] is not None:
        rows = rows.filter(pk__lt=cursor["last"])
    ids = list(rows.values_list("pk", flat=True)[:STEP])
    if not ids:
        cursor["models"] = cursor["models"][1:]
        cursor["last"] = None
        return UndoResult()
    cursor["last"] = ids[-1]
    cursor["done"] += len(ids)
    return whole.remove_chunk(model, ids, row, log, within_reach=True)


def _update_step(row: ChangeSet, log: ChangeLog, cursor: dict[str, Any]) -> UndoResult:
    changes = Change.objects.filter(change_set=row).order_by("-pk")
    if cursor["last"] is not None:
        changes = changes.filter(pk__lt=cursor["last"])
    page = list(changes[:STEP])
    if not page:
        cursor["phase"], cursor["last"] = "created", None
        return UndoResult()
    cursor["last"] = page[-1].pk
    cursor["done"] += len(page)
    return whole.reverse_page(page, log, within_reach=True)
