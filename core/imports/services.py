"""The acts of an import: upload, map, try, run, continue, stop, undo, throw away."""

from __future__ import annotations

import secrets
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from core import jobs
from core.exceptions import RuleViolation
from core.importing import limits
from core.importing.distinct import DistinctCounter
from core.importing.errors import FileProblem
from core.importing.readers import Table
from core.imports import registry
from core.imports.reading import open_run
from core.imports.runner import RUN, TRIAL, UNDO, make_plan
from core.imports.suggest import detect_formats, suggested_mapping
from core.models import ChangeSet, ImportMapping, ImportRun, Job

State = ImportRun.State
#: Rows read for the preview and for suggestions.
SAMPLE = 200
#: Distinct values of a column that are shown for correction.
REVIEW_LIMIT = 100
MAX_BYTES = getattr(settings, "IMPORT_MAX_BYTES", 300 * limits.MIB)


def create_run(
    *, file: File, filename: str, actor: Any, target: str = "", chosen: dict[str, Any] | None = None
) -> ImportRun:
    """Take in a file. One that cannot be read is refused with the reason and not kept."""
    if (file.size or 0) > MAX_BYTES:
        text = _("The file is larger than %(limit)s MB. Split it, or leave out columns you do not need.")
        raise RuleViolation(text % {"limit": MAX_BYTES // limits.MIB}, field="file")
    run = ImportRun(
        token=secrets.token_hex(16),
        filename=_shown_name(filename),
        size=file.size or 0,
        created_by=actor,
        target=target,
        reading={"chosen": chosen or {}},
    )
    run.file.save(run.filename, file, save=False)
    try:
        table = _read(run)
        if not run.target or registry.get(run.target) is None:
            run.target = _guess_target(run, table)
        _check_permission(run, actor)
        run.mapping = suggested_mapping(_importer(run), run, table)
        run.save()
    except BaseException:
        run.file.delete(save=False)
        raise
    return run


def _shown_name(filename: str) -> str:
    """Only shown, never a path; no control characters, which could turn a line round."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(char for char in name if char.isprintable())[-200:] or "import"


def _read(run: ImportRun) -> Table:
    """Open the file and keep what was found with the run."""
    try:
        table = open_run(run)
        rows = table.sample(SAMPLE)
    except FileProblem as problem:
        raise RuleViolation(str(problem), field="file", code=problem.code) from problem
    run.reading = {
        "chosen": run.reading.get("chosen", {}),
        "kind": table.kind,
        "encoding": table.encoding,
        "encoding_sure": getattr(table, "encoding_sure", True),
        "delimiter": table.delimiter,
        "decimal": table.decimal_hint,
        "header_row": table.header_row,
        "header_sure": getattr(table, "header_sure", True),
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "headers": table.headers,
        "notices": [str(notice) for notice in table.notices[:20]],
        "sample": [row.values for row in rows[:5]],
    }
    return table


def _guess_target(run: ImportRun, table: Table) -> str:
    """The kind of record whose fields fit the headers best."""
    best, best_score = "", -1.0
    for importer in registry.all_importers():
        mapping = suggested_mapping(importer, run, table)
        found = set(mapping["columns"].values())
        needed = [field.key for field in importer.fields() if field.required]
        score = len(found) + 100 * bool(mapping.get("preset")) - 50 * bool(set(needed) - found)
        if table.kind == "vcf" and importer.key.endswith(".contact"):
            score += 1_000
        if score > best_score:
            best, best_score = importer.key, score
    return best


def _importer(run: ImportRun) -> registry.Importer:
    importer = registry.get(run.target)
    if importer is None:
        raise RuleViolation(_("This kind of data cannot be imported."), field="target")
    return importer


def _check_permission(run: ImportRun, actor: Any) -> None:
    importer = _importer(run)
    if importer.permission and not actor.has_perm(importer.permission):
        raise RuleViolation(_("You may not add records of this kind."), field="target", code="forbidden")


@transaction.atomic
def read_again(run: ImportRun, *, chosen: dict[str, Any], target: str, actor: Any) -> ImportRun:
    """Read the file with another encoding, delimiter, header row or sheet, or as something else."""
    run = _changeable(run)
    before = list(run.reading.get("headers", []))
    run.reading = {**run.reading, "chosen": chosen}
    table = _read(run)
    if target != run.target or before != run.reading["headers"]:
        run.target = target or run.target
        _check_permission(run, actor)
        run.mapping = suggested_mapping(_importer(run), run, table)
    run.counts, run.state = {}, State.UPLOADED
    run.save()
    return run


@transaction.atomic
def save_mapping(run: ImportRun, *, mapping: dict[str, Any]) -> ImportRun:
    """Keep what the person chose; the plan must be one that can work."""
    run = _changeable(run)
    table = open_run(run)
    importer = _importer(run)
    _check_mapping(run, importer, mapping, table)
    run.mapping, run.counts, run.state = mapping, {}, State.MAPPED
    run.save()
    return run


def _check_mapping(
    run: ImportRun, importer: registry.Importer, mapping: dict[str, Any], table: Table
) -> None:
    run.mapping = mapping
    try:
        plan = make_plan(importer, run, table)
    except ValueError as problem:  # a fixed value that cannot be read
        raise RuleViolation(str(problem)) from problem
    plan.check()
    single = [column for column in plan.columns if not column.field.many]
    keys = [column.field.key for column in single]
    for column in single:
        if keys.count(column.field.key) > 1:
            text = _("“%(field)s” has more than one column. Choose the one that counts.")
            raise RuleViolation(text % {"field": column.field.label})


def keep_mapping(run: ImportRun, *, name: str, actor: Any) -> ImportMapping:
    """Save the mapping under a name for the next file of the same shape."""
    name = name.strip()[:80]
    if not name:
        raise RuleViolation(_("Give the mapping a name."), field="name")
    others = ImportMapping.objects.filter(target=run.target, name=name).exclude(created_by=actor)
    if others.exists():
        raise RuleViolation(
            _("A colleague has a mapping called “%s”. Choose another name.") % name, field="name"
        )
    row, _created = ImportMapping.objects.update_or_create(
        target=run.target,
        name=name,
        defaults={"mapping": run.mapping, "headers": run.reading["headers"], "created_by": actor},
    )
    return row


def distinct_values(run: ImportRun) -> list[dict[str, Any]]:
    """Values of the columns that are worth a look, with how often each occurs."""
    table = open_run(run)
    plan = make_plan(_importer(run), run, table)
    columns = [column for column in plan.columns if column.field.review]
    if not columns:
        return []
    counter = DistinctCounter(column.index for column in columns)
    for row in table.rows():
        counter.add(row.values)
    found = []
    for column in columns:
        values = counter.columns[column.index]
        found.append(
            {
                "column": column,
                "too_many": values.too_many,
                "values": values.most_common(REVIEW_LIMIT),
                "more": max(0, len(values.most_common()) - REVIEW_LIMIT),
            }
        )
    return found


@transaction.atomic
def save_values(run: ImportRun, *, values: dict[str, dict[str, str]]) -> ImportRun:
    """Keep the corrections of distinct values."""
    run = _changeable(run)
    run.mapping = {**run.mapping, "values": values}
    run.counts, run.state = {}, State.MAPPED
    run.save()
    return run


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _changeable(run: ImportRun) -> ImportRun:
    """The run as it stands now, unless it has begun to write."""
    run = _locked(run)
    if run.change_set_id or (run.state == State.CHECKING and _busy(run)):
        raise RuleViolation(_("This import has begun; it cannot be changed any more."), code="begun")
    if not run.file:
        raise RuleViolation(_("The file of this import was deleted. Upload it again."), code="no_file")
    return run


def _busy(run: ImportRun) -> bool:
    return run.job is not None and not run.job.ended


def _enqueue(run: ImportRun, kind: str, state: str, cursor: Any = None, *, actor: Any = None) -> Job:
    arguments: dict[str, Any] = {"run": run.pk}
    if cursor is not None:
        arguments["cursor"] = cursor
    # One job of an import at a time, whatever is clicked and however often.
    job = jobs.enqueue(kind, arguments=arguments, actor=actor or run.created_by, key=f"core.import:{run.pk}")
    run.job, run.state = job, state
    run.save()
    return job


@transaction.atomic
def start_trial(run: ImportRun) -> Job:
    """Judge all rows and write nothing."""
    run = _changeable(run)
    make_plan(_importer(run), run, open_run(run)).check()
    run.counts = {}
    return _enqueue(run, TRIAL, State.CHECKING)


@transaction.atomic
def start_run(run: ImportRun) -> Job:
    """Import. A second click finds the import begun and gets its job, not another one."""
    run = _locked(run)
    if run.change_set_id and run.job is not None:
        return run.job
    run = _changeable(run)
    _check_permission(run, run.created_by)
    make_plan(_importer(run), run, open_run(run)).check()
    run.change_set = ChangeSet.objects.create(
        kind=ChangeSet.Kind.IMPORT, actor=run.created_by, reason=run.filename[:300]
    )
    run.counts.pop("run", None)
    return _enqueue(run, RUN, State.RUNNING)


@transaction.atomic
def resume(run: ImportRun) -> Job:
    """Go on with an import that was stopped or broke, from the last committed chunk."""
    run = _locked(run)
    if _busy(run) or run.change_set_id is None or run.job is None or run.job.kind != RUN:
        raise RuleViolation(_("There is nothing to go on with."), code="nothing")
    if run.job.state == Job.State.DONE or run.job.kind != RUN:
        raise RuleViolation(_("This import is complete."), code="nothing")
    cursor = run.job.cursor or run.job.arguments.get("cursor")
    return _enqueue(run, RUN, State.RUNNING, cursor)


def cancel(run: ImportRun) -> None:
    """Stop at the next chunk. What is committed stays until somebody undoes it."""
    if run.job is None or run.job.ended:
        return
    jobs.cancel(run.job)
    run.job.refresh_from_db()
    if run.job.ended:  # it had not begun yet
        ImportRun.objects.filter(pk=run.pk).update(state=State.CANCELLED)


@transaction.atomic
def start_undo(run: ImportRun, *, actor: Any) -> Job:
    """Take everything back that was not edited or used since and that the actor may edit."""
    run = _locked(run)
    if _busy(run):
        raise RuleViolation(_("This import is still at work. Stop it first."), code="busy")
    if run.change_set_id is None or run.state == State.UNDONE:
        raise RuleViolation(_("There is nothing to undo."), code="undone")
    before = run.job
    cursor = None
    if before is not None and before.kind == UNDO and before.state != Job.State.DONE:
        cursor = before.cursor or before.arguments.get("cursor")
    return _enqueue(run, UNDO, State.UNDOING, cursor, actor=actor)


@transaction.atomic
def discard(run: ImportRun) -> None:
    """Throw away an import that has written nothing."""
    run = _changeable(run)
    storage, name = run.file.storage, str(run.file.name)
    run.delete()
    # Only once the row is really gone: after a rollback its pages must still find the file.
    transaction.on_commit(lambda: storage.delete(name))


def formats_of(run: ImportRun) -> dict[str, Any]:
    """For each mapped column of dates or numbers: what was detected and what is chosen."""
    table = open_run(run)
    return detect_formats(_importer(run), run, table)
