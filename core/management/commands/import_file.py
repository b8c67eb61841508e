"""Import a file from the command line: the same runner as the pages, in the foreground."""

from __future__ import annotations

import json
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core import jobs
from core.exceptions import RuleViolation
from core.imports import registry, services
from core.models import ImportRun, Job


class Command(BaseCommand):
    """``manage.py import_file FILE --mapping NAME [--dry-run] [--json]``."""

    help = "Imports a CSV, XLSX or vCard file, or undoes or goes on with an import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--mapping", help="a ready-made or saved mapping")
        parser.add_argument("--target", help="what the rows are, for example customers.customer")
        parser.add_argument("--user", help="e-mail of the person who does it; an administrator if left out")
        parser.add_argument("--dry-run", action="store_true", help="judge the rows and write nothing")
        parser.add_argument("--duplicates", choices=("skip", "update", "create"))
        parser.add_argument("--overwrite", action="store_true", help="updates replace what is there")
        parser.add_argument("--encoding")
        parser.add_argument("--delimiter")
        parser.add_argument("--sheet")
        parser.add_argument("--resume", type=int, metavar="ID", help="go on with an import that was stopped")
        parser.add_argument("--undo", type=int, metavar="ID", help="take an import back")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one job to its end; exit code 1 when it did not end well."""
        try:
            run, job = self._start(options)
        except RuleViolation as problem:
            raise CommandError(problem.message) from problem
        self._work(job)
        run.refresh_from_db()
        job.refresh_from_db()
        self._report(run, job, as_json=options["json"])
        if job.state != Job.State.DONE:
            raise CommandError(job.error or f"The import ended as: {job.get_state_display()}.")

    def _start(self, options: dict[str, Any]) -> tuple[ImportRun, Job]:
        if options["undo"] or options["resume"]:
            pk = options["undo"] or options["resume"]
            run = ImportRun.objects.filter(pk=pk).first()
            if run is None:
                raise CommandError(f"There is no import {pk}.")
            self._free(run)
            with _quiet_broker():
                if options["undo"]:
                    return run, services.start_undo(run, actor=self._actor(options["user"]))
                return run, services.resume(run)
        run = self._upload(options)
        with _quiet_broker():
            return run, services.start_trial(run) if options["dry_run"] else services.start_run(run)

    def _free(self, run: ImportRun) -> None:
        """A job whose worker died would be sent again by the sweep; here somebody decides."""
        if run.job is not None and not run.job.ended:
            beat = run.job.heartbeat_at
            if beat and (time.time() - beat.timestamp()) < jobs.LOST_AFTER.total_seconds():
                raise CommandError("This import is at work in another process.")
            Job.objects.filter(pk=run.job.pk).update(state=Job.State.FAILED, error="continued by hand")

    def _upload(self, options: dict[str, Any]) -> ImportRun:
        path = options["file"]
        if path is None:
            raise CommandError("Name a file, or --resume or --undo with the number of an import.")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        target, mapping = self._mapping(options)
        chosen = {key: options[key] for key in ("encoding", "delimiter", "sheet") if options[key]}
        with path.open("rb") as file:
            run = services.create_run(
                file=File(file, name=path.name),
                filename=path.name,
                actor=self._actor(options["user"]),
                target=target,
                chosen=chosen,
            )
        mapping = mapping or run.mapping
        if options["duplicates"]:
            mapping = {**mapping, "duplicates": options["duplicates"]}
        if options["overwrite"]:
            mapping = {**mapping, "fill": "overwrite"}
        try:
            return services.save_mapping(run, mapping=mapping)
        except RuleViolation:
            services.discard(run)
            raise

    def _mapping(self, options: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
        name = options["mapping"]
        if not name:
            target = options["target"] or ""
            if target and registry.get(target) is None:
                known = ", ".join(importer.key for importer in registry.all_importers())
                raise CommandError(f"There is no target {target}. Known: {known}.")
            return target, None
        preset = registry.find_preset(name)
        if preset:
            return preset[0].key, preset[1].mapping()
        from core.models import ImportMapping

        saved = ImportMapping.objects.filter(name=name).order_by("-pk").first()
        if saved is None:
            known = ", ".join(p.name for importer in registry.all_importers() for p in importer.presets)
            raise CommandError(f"There is no mapping {name}. Known: {known}.")
        return saved.target, saved.mapping

    def _actor(self, email: str | None) -> Any:
        users = get_user_model().objects.filter(is_active=True)
        if email:
            user = users.filter(email=email.lower()).first()
            if user is None:
                raise CommandError(f"Nobody signs in as {email}.")
            return user
        user = next((user for user in users.order_by("pk") if user.is_superuser), None)
        if user is None:
            raise CommandError("There is no administrator yet; name somebody with --user.")
        return user

    def _work(self, job: Job) -> None:
        """Run the job here while a thread tells how far it is."""
        stop = threading.Event()
        thread = threading.Thread(target=self._tell, args=(job.pk, stop), daemon=True)
        if self.stderr.isatty() and connection.vendor == "postgresql":
            thread.start()
        jobs.run(job.pk)
        stop.set()

    def _tell(self, pk: int, stop: threading.Event) -> None:
        while not stop.wait(1):
            job = Job.objects.get(pk=pk)
            sys.stderr.write(f"\r{job.done} / {job.total or '?'} rows ({job.percent or 0} %)  ")
            sys.stderr.flush()
        connection.close()

    def _report(self, run: ImportRun, job: Job, *, as_json: bool) -> None:
        result = {"import": run.pk, "state": run.state, "job": job.state, "result": job.result}
        if as_json:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        self.stdout.write(f"Import {run.pk}: {run.get_state_display()}")
        found = job.result or {}
        for name, number in {**found.get("rows", {}), **found.get("made", {})}.items():
            self.stdout.write(f"  {name}: {number}")
        for item in found.get("notes", []):
            self.stdout.write(f"  {item[2]} × {item[1]}")
        for item in found.get("reasons", []):
            self.stdout.write(f"  {item[4]} × {item[0]}: {item[2] + ': ' if item[2] else ''}{item[3]}")


class _quiet_broker:  # noqa: N801 (reads as a function)
    """The job is run here: its id is not handed to a worker."""

    def __enter__(self) -> None:
        self._send, jobs.send = jobs.send, lambda job: True

    def __exit__(self, *error: Any) -> None:
        jobs.send = self._send
