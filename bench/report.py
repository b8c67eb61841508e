"""The results as a table for people; the goals stand beside what was measured."""

from __future__ import annotations

from typing import Any

from bench.bulkwork import GOAL_MB, GOAL_RATE, GOAL_SECONDS

TIMES_FLOOR = 3.0
MOST_QUERIES = 15
MOST_HTML = 60_000
FLAT = 1.3
Run = dict[str, Any]


def judge(result: Run, vendor: str, size: int) -> list[str]:
    """What a page misses; empty when it meets every goal that applies to it."""
    if "error" in result:
        return [result["error"]]
    missed = []
    if result.get("goal") and vendor == "postgres" and size == 100_000 and result["ratio"] > TIMES_FLOOR:
        missed.append(f"> {TIMES_FLOOR:g}× floor")
    if result["queries"] > MOST_QUERIES:
        missed.append(f"> {MOST_QUERIES} queries")
    if result["html"] > MOST_HTML:
        missed.append("> 60 kB")
    return missed


def flatness(runs: list[Run]) -> list[Run]:
    """Each page's median in the largest database against the smallest one of the same vendor."""
    found = []
    for vendor in dict.fromkeys(run["vendor"] for run in runs):
        sizes = sorted((run for run in runs if run["vendor"] == vendor), key=lambda run: run["size"])
        if len(sizes) < 2:
            continue
        small = {(r["page"], r["role"]): r for r in sizes[0]["pages"] if "median" in r}
        for result in sizes[-1]["pages"]:
            first = small.get((result["page"], result["role"]))
            if first is None or "median" not in result:
                continue
            growth = round(result["median"] / first["median"], 2)
            found.append({
                "vendor": vendor, "page": result["page"], "label": result["label"], "role": result["role"],
                "from": sizes[0]["size"], "to": sizes[-1]["size"], "growth": growth,
                "goal": result.get("goal", False), "ok": growth <= FLAT,
            })  # fmt: skip
    return found


def table(run: Run) -> str:
    """The pages of one database as a Markdown table."""
    lines = [
        f"### {NAMES[run['vendor']]}, {run['size']:,} customers",
        "",
        "| page | as | median ms | p95 ms | × floor | queries | HTML kB | goals |",
        "|---|---|--:|--:|--:|--:|--:|---|",
    ]
    for result in run["pages"]:
        if "median" not in result:
            lines.append(f"| {result['label']} | {result['role']} | – | – | – | – | – | {result['error']} |")
            continue
        missed = judge(result, run["vendor"], run["size"]) if result["page"] != "floor" else []
        words = "–" if result["page"] == "floor" else ("miss: " + ", ".join(missed) if missed else "pass")
        note = f" ({result['note']})" if result.get("note") else ""
        ratio = f"{result['ratio']:.2f}" if "ratio" in result else "1.00"
        lines.append(
            f"| {result['label']}{note} | {result['role']} | {result['median']:.1f} | {result['p95']:.1f} "
            f"| {ratio} | {result['queries']} | {result['html'] / 1000:.1f} | {words} |"
        )
    return "\n".join([*lines, *(_bulk(work, run["vendor"]) for work in run["bulk"])])


NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}


def _bulk(work: Run, vendor: str) -> str:
    name = work["what"].capitalize()
    if "error" in work:
        return f"\n{name}: {work['error']}"
    if work["what"] == "import":
        ok = work["rate"] >= GOAL_RATE[vendor] and work["peak_mb"] <= GOAL_MB
        goal = f"goal {GOAL_RATE[vendor]:,} rows/s and {GOAL_MB} MB"
    else:
        ok = work["per_100k"] <= GOAL_SECONDS
        goal = f"goal {GOAL_SECONDS} s for 100,000 rows"
    return (
        f"\n{name}: {work['rows']:,} rows in {work['seconds']} s ({work['rate']:,} rows/s), "
        f"peak {work['peak_mb']} MB; {goal}: {'pass' if ok else 'miss'}."
    )


def flat_table(rows: list[Run]) -> str:
    """How much slower the largest database is than the smallest."""
    lines = [
        "### Growth",
        "",
        "| database | page | as | from | to | × | goal ≤ 1.3 |",
        "|---|---|---|--:|--:|--:|---|",
    ]
    for row in rows:
        if row["page"] == "floor" or not row["goal"]:
            continue
        verdict = "pass" if row["ok"] else "miss"
        lines.append(
            f"| {NAMES[row['vendor']]} | {row['label']} | {row['role']} | {row['from']:,} | {row['to']:,} "
            f"| {row['growth']:.2f} | {verdict} |"
        )
    return "\n".join(lines)
