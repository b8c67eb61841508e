"""Import and export of 100,000 rows: seconds, rows a second and the most memory held."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from bench.client import Visitor
from bench.places import PYTHON, ROOT, Place, home
from bench.server import Server

IMPORT_ROWS = 100_000
GOAL_RATE = {"postgres": 5_000, "sqlite": 3_000}
GOAL_MB = 300
GOAL_SECONDS = 10  # for 100,000 rows out


def import_file(rows: int = IMPORT_ROWS) -> Path:
    """The file to import, written once."""
    path = home() / f"customers_{rows}.csv"
    if not path.exists():
        script = "import sys, csv; from bench.generate import import_rows;" + (
            "csv.writer(open(sys.argv[1], 'w', newline='')).writerows(import_rows(int(sys.argv[2])))"
        )
        setup = "import django; django.setup(); "
        environment = Place("sqlite", 0).environment()
        subprocess.run(
            [str(PYTHON), "-c", setup + script, str(path), str(rows)], cwd=ROOT, env=environment, check=True
        )
    return path


def measure_import(place: Place, rows: int = IMPORT_ROWS) -> dict[str, Any]:
    """`manage.py import_file` into a copy of the database."""
    path = import_file(rows)
    scratch = place.scratch
    scratch.copy_from(place)
    command = [str(PYTHON), "manage.py", "import_file", str(path), "--target", "customers.customer", "--json"]
    output = scratch.var / "import.json"
    started = time.monotonic()
    with output.open("w") as target:
        process = subprocess.Popen(command, cwd=ROOT, env=scratch.environment(), stdout=target)
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - started
    found: dict[str, Any] = {
        "what": "import",
        "rows": rows,
        "seconds": round(seconds, 1),
        "rate": round(rows / seconds),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "counts": _counts(output),
    }
    if process.returncode:
        found["error"] = f"import_file ended with {process.returncode}"
    scratch.drop()
    return found


def _counts(path: Path) -> Any:
    try:
        return json.loads(path.read_text() or "null")
    except ValueError:
        return path.read_text()[-300:]


def measure_export(place: Place, server: Server, facts: dict[str, Any]) -> dict[str, Any]:
    """The customer list as CSV, fetched by an administrator as a browser would."""
    path = facts["urls"].get("export")
    if path is None:
        return {"what": "export", "error": "there is no such page"}
    session = facts["people"]["administrator"]
    visitor = Visitor(server.port, {session["name"]: session["key"]})
    visitor.get(facts["urls"]["list"])
    server.forget_peaks()
    before = server.peak_mb()
    answer = visitor.get(path + "?format=csv")
    rows = sum(1 for _line in csv.reader(answer.html.decode("utf-8-sig").splitlines())) - 1
    return {
        "what": "export",
        "status": answer.status,
        "rows": rows,
        "seconds": round(answer.seconds, 2),
        "per_100k": round(answer.seconds * 100_000 / max(rows, 1), 2),
        "rate": round(rows / answer.seconds),
        "before_mb": round(before),
        "peak_mb": round(server.peak_mb()),
    }
