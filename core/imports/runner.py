"""The jobs of an import: trial run, run, undo. Each can be killed at any moment and goes on.

One chunk of rows is one transaction: the records, the counts, the rows that could not be taken
and the place in the file are committed together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.bulk import prepare_for_many
from core.changes import change_set, label_of
from core.exceptions import RuleViolation
from core.importing.errors import FileProblem
from core.importing.readers import Position, Row, Table
from core.imports import registry
from core.imports.outcome import Outcome
from core.imports.parsed import Parsed
from core.imports.plan import Plan
from core.imports.reading import ahead, chunks, open_run
from core.imports.registry import Context, Importer, Session
from core.job_titles import register_job_page
from core.jobs import Cancelled, Running, job_handler
from core.models import ChangeSet, ImportRow, ImportRun
from core.undo_steps import undo_in_steps

TRIAL, RUN, UNDO = "core.import_trial", "core.import_run", "core.import_undo"
_TITLES = {
    TRIAL: gettext_lazy("Trial run of an import"),
    RUN: gettext_lazy("Import"),
    UNDO: gettext_lazy("Undo of an import"),
}
for _kind, _title in _TITLES.items():
    register_job_page(_kind, _title, lambda job: reverse("core:import_detail", args=[job.arguments["run"]]))
#: A chunk is tried again when somebody else wrote the same record at the same moment.
TRIES = 3


class Pass:
    """One pass over the file of one run, on trial or in earnest."""

    def __init__(self, job: Running, run: ImportRun, *, trial: bool) -> None:
        self.job = job
        self.run = run
        self.change_set_id = run.change_set_id or 0
        self.trial = trial
        importer = registry.get(run.target)
        if importer is None:
            raise RuleViolation(_("This kind of data cannot be imported."))
        self.importer: Importer = importer
        self.table: Table = open_run(run)
        self.plan = make_plan(importer, run, self.table)
        self.session = self._new_session()
        self.name = "trial" if trial else "run"

    def _new_session(self) -> Session:
        return self.importer.session(
            Context(run=self.run, plan=self.plan, actor=self.run.created_by, trial=self.trial)
        )

    def go(self) -> dict[str, Any]:
        """Process what is left of the file; returns the counts."""
        cursor = self.job.cursor or {}
        counts = self.run.counts.get(self.name, {}) if cursor else {}
        if not self.trial and not cursor:
            self._prepare()
        done = cursor.get("done", 0)
        if cursor.get("phase") != "finish":
            resume = Position(cursor["row"], cursor["offset"]) if cursor else None
            for rows, position in ahead(self._parsed(resume)):
                done += rows.count
                mark = {"row": position.row, "offset": position.offset, "done": done, "phase": "rows"}
                counts = self._chunk(rows, counts, mark)
        return self._chunk(None, counts, {"row": 0, "offset": None, "done": done, "phase": "finish"})

    def _parsed(self, resume: Position | None) -> Iterator[tuple[Parsed, Position]]:
        for rows, position in chunks(self.table, resume, self._group()):
            yield self._prepared(rows), position

    def _prepared(self, rows: Sequence[Row]) -> Parsed:
        parsed = Parsed(self.plan, rows)
        self.session.prepare(parsed)
        return parsed

    def _group(self) -> int | None:
        key = self.importer.group_by
        return next((c.index for c in self.plan.columns if c.field.key == key), None) if key else None

    def _prepare(self) -> None:
        """Wholes before parts: an undo goes through the list from its end."""
        labels = [label_of(model) for model in self.importer.creates]
        ChangeSet.objects.filter(pk=self.change_set_id).update(created_models=labels)
        ImportRow.objects.filter(run=self.run, trial=False).delete()

    def _chunk(self, rows: Parsed | None, counts: dict[str, Any], mark: dict[str, Any]) -> dict[str, Any]:
        for attempt in range(1, TRIES + 1):
            outcome = Outcome(counts, trial=self.trial)
            try:
                if self.trial:
                    with transaction.atomic():
                        self._work(rows, outcome, None, mark)
                else:
                    existing = ChangeSet.objects.get(pk=self.change_set_id)
                    with change_set(
                        kind=ChangeSet.Kind.IMPORT, actor=self.job.actor, existing=existing
                    ) as log:
                        prepare_for_many(self.importer.creates)
                        self._work(rows, outcome, log, mark)
            except IntegrityError:
                if attempt == TRIES:
                    raise
                # What the session remembers of the rolled-back transaction is not true any more.
                self.session = self._new_session()
                rows = rows and self._prepared(rows.rows)
            else:
                return outcome.json()
        raise AssertionError("unreachable")

    def _work(self, rows: Parsed | None, outcome: Outcome, log: Any, mark: dict[str, Any]) -> None:
        if rows is None:
            self.session.finish(outcome, log)
        else:
            self.session.take(rows, outcome, log)
        for row in outcome.stored:
            row.run = self.run
        ImportRow.objects.bulk_create(outcome.stored, batch_size=1_000)
        self.run.counts[self.name] = outcome.json()
        ImportRun.objects.filter(pk=self.run.pk).update(counts=self.run.counts)
        self.job.step(done=mark["done"], total=self._total(mark), cursor=mark)

    def _total(self, mark: dict[str, Any]) -> int | None:
        known = self.run.counts.get("total")
        if known:
            return int(known)
        if not mark["offset"]:
            return None
        return max(mark["done"], int(mark["done"] * self.run.size / mark["offset"]))


def make_plan(importer: Importer, run: ImportRun, table: Table) -> Plan:
    """The compiled mapping of a run."""
    return Plan(importer, run.mapping, table.headers, region=importer.region())


def _load(job: Running) -> ImportRun:
    run = ImportRun.objects.select_related("created_by", "change_set").get(pk=job.arguments["run"])
    if job.cursor is None and job.arguments.get("cursor"):
        job.cursor = job.arguments["cursor"]  # a stopped run that somebody continued
    return run


def _language(run: ImportRun) -> str:
    return getattr(run.created_by, "language", "") or settings.LANGUAGE_CODE


@job_handler(TRIAL)
def trial_run(job: Running) -> dict[str, Any]:
    """Judge every row and write nothing but what was found."""
    run = _load(job)
    job.cursor = None  # keys seen so far died with the worker: begin again
    with translation.override(_language(run)):
        ImportRow.objects.filter(run=run, trial=True).delete()
        with _state_on_failure(run):
            counts = Pass(job, run, trial=True).go()
        run.counts["total"] = job.job.done = _rows_read(counts)
        _set_state(run, ImportRun.State.CHECKED)
    return counts


@job_handler(RUN)
def import_run(job: Running) -> dict[str, Any]:
    """Write the records."""
    run = _load(job)
    with translation.override(_language(run)), _state_on_failure(run):
        if not job.cursor and not run.counts.get("total"):
            _read_through(job, run)
        counts = Pass(job, run, trial=False).go()
        _set_state(run, ImportRun.State.DONE)
    return counts


@job_handler(UNDO)
def undo_import(job: Running) -> dict[str, Any]:
    """Take the run back, step by step."""
    run = _load(job)
    assert run.change_set is not None
    with translation.override(_language(run)), _state_on_failure(run, ImportRun.State.DONE):
        result = undo_in_steps(run.change_set, job)
        run.counts["undo"] = result
        _set_state(run, ImportRun.State.UNDONE)
    return result


def _read_through(job: Running, run: ImportRun) -> None:
    """Read the whole file once before anything is written: a file that breaks off changes nothing."""
    total = 0
    for rows, position in chunks(open_run(run), None, size=20_000):
        total += len(rows)
        share = run.size / position.offset if position.offset else 1
        job.step(done=0, total=int(total * share), message=_("Reading the file"))
    run.counts["total"] = total
    ImportRun.objects.filter(pk=run.pk).update(counts=run.counts)


def _rows_read(counts: dict[str, Any]) -> int:
    return sum(counts.get("rows", {}).values())


def _set_state(run: ImportRun, state: str) -> None:
    run.state = state
    ImportRun.objects.filter(pk=run.pk).update(state=state, counts=run.counts)


class _state_on_failure:  # noqa: N801 (reads as a function)
    """Tell the run that its job was stopped or broke; a killed worker never gets here."""

    def __init__(self, run: ImportRun, failed: str = ImportRun.State.FAILED) -> None:
        self.run = run
        self.failed = failed

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        if error is None:
            return
        state = ImportRun.State.CANCELLED if isinstance(error, Cancelled) else self.failed
        ImportRun.objects.filter(pk=self.run.pk).update(state=state)
        if isinstance(error, FileProblem):
            raise RuleViolation(str(error)) from error
