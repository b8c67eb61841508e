"""``python -m bench``: makes the databases, starts the server, measures, prints a table.

python -m bench --sizes 10000,100000 --databases postgres --only list,today --keep --json out.json
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.bulkwork import measure_export, measure_import
from bench.engine import engine_table, measure_engine
from bench.measure import Measurement
from bench.places import PYTHON, ROOT, Place
from bench.report import flat_table, flatness, judge, table
from bench.server import Server, collect_static

SIZES = "10000,100000,1000000"
BULK = {"import", "export", "engine"}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="How quick the product is.")
    parser.add_argument("--sizes", default=SIZES, help="customers, comma-separated")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument(
        "--only", default="", help="pages (see bench/pages.py), import, export, engine; all when empty"
    )
    parser.add_argument("--json", type=Path, help="write the results here too")
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next run")
    parser.add_argument("--prefix", default="guanxi_bench", help="of the names of PostgreSQL databases")
    parser.add_argument("--port", type=int, default=8190)
    return parser.parse_args()


def main() -> int:
    options = arguments()
    only = {name for name in options.only.split(",") if name}
    runs: list[dict[str, Any]] = []
    engine = measure_engine() if not only or "engine" in only else []
    if engine:
        print("\n" + engine_table(engine), flush=True)
    static_ready = False
    for size in sorted(int(part) for part in options.sizes.split(",") if only != {"engine"}):
        for vendor in options.databases.split(","):
            place = Place(vendor, size, options.prefix)
            prepare(place)
            if not static_ready:
                collect_static(place)
                static_ready = True
            run = {"vendor": vendor, "size": size, **measure(place, options.port, only)}
            runs.append(run)
            print("\n" + table(run), flush=True)
            if not options.keep:
                place.drop()
    growth = flatness(runs)
    if growth:
        print("\n" + flat_table(growth))
    report = {
        "machine": machine(),
        "command": " ".join(sys.argv[1:]),
        "runs": runs,
        "growth": growth,
        "engine": engine,
    }
    if options.json:
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False))
    missed = sum(
        bool(judge(page, r["vendor"], r["size"]))
        for r in runs
        for page in r["pages"]
        if page["page"] != "floor"
    ) + sum(row["ms"] > row["goal"] for row in engine)
    count = sum(len(r["pages"]) - 1 for r in runs) + len(engine)
    print(f"\n{missed} of {count} measurements miss a goal.")
    return 0


def prepare(place: Place) -> None:
    """Make the database if it is not there, sign people in, note the addresses."""
    if not place.exists():
        place.create()
    print(f"Preparing {place.vendor} with {place.size:,} customers ...", file=sys.stderr, flush=True)
    command = [str(PYTHON), "-m", "bench.prepare", str(place.size), str(place.facts)]
    subprocess.run(command, cwd=ROOT, env=place.environment(), check=True)


def measure(place: Place, port: int, only: set[str]) -> dict[str, Any]:
    """All that was asked for of one database."""
    facts = json.loads(place.facts.read_text())
    pages: list[dict[str, Any]] = []
    bulk = []
    with Server(place, port) as server:
        if only - BULK or not only:
            pages = Measurement(port, facts, only - BULK).run()
        if not only or "export" in only:
            bulk.append(measure_export(place, server, facts))
    if not only or "import" in only:
        bulk.append(measure_import(place))
    return {"prepared_in": facts["seconds"], "pages": pages, "bulk": bulk}


def machine() -> dict[str, Any]:
    """Where and when."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":")[1].strip() for line in lines if "model name" in line]
    return {
        "cpu": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    raise SystemExit(main())
