"""The negotiation engine against its goals: no database, no server, one thread.

CPU time, so that other work on the machine does not count.
"""

from __future__ import annotations

import compileall
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.places import ROOT
from negotiations.engine import dance, solutions
from negotiations.engine.frontier import pareto_frontier
from negotiations.engine.opponent import Belief, probability_better, update_importance
from negotiations.engine.scoring import Issue, Preferences, falling, rising, score
from negotiations.engine.trades import equal_packages, improvements, left_on_table, trade_ratios
from negotiations.engine.zopa import agreement_zone, gap

REPEATS = 7
SHOWN = 10
IMPORT = (
    "import time; start = time.process_time();"
    "from negotiations.engine import dance, grid, opponent, question, supported, trades, words, zopa;"
    "print(time.process_time() - start)"
)


def measure_engine() -> list[dict[str, Any]]:
    """Median milliseconds of each goal."""
    ours, theirs, package = negotiation(10, 10)
    wide, long = negotiation(20, 10), negotiation(6, 10)
    offers = [dict(zip(package, values, strict=True)) for values in zip(*walk(len(package), 10), strict=True)]
    six = negotiation(6, 10)[1]
    belief = update_importance(theirs, dict.fromkeys(package, 2), offers[:5])
    rows: list[tuple[str, int, Callable[[], object]]] = [
        ("frontier, 10 issues × 10 options", 30, lambda: pareto_frontier(*fresh(ours, theirs))),
        ("frontier, 20 issues × 10 options", 200, lambda: pareto_frontier(*fresh(*wide[:2]))),
        ("frontier, 1,000,000 packages (6 × 10)", 60, lambda: pareto_frontier(*fresh(*long[:2]))),
        ("whole analysis of an offer, 10 × 10", 100, lambda: analyse(*fresh(ours, theirs), offers, belief)),
        ("update of the belief, 6 issues, 10 offers", 500, lambda: update_importance(six, {}, offers)),
    ]
    results = [{"what": what, "goal": goal, "ms": median(work)} for what, goal, work in rows]
    results.append({"what": "importing the engine", "goal": 50, "ms": median_import()})
    return results


def engine_table(results: list[dict[str, Any]]) -> str:
    """What was measured as a Markdown table."""
    lines = ["### Negotiation engine", "", "| what | median CPU ms | goal ms | |", "|---|--:|--:|---|"]
    for row in results:
        verdict = "pass" if row["ms"] <= row["goal"] else "miss"
        lines.append(f"| {row['what']} | {row['ms']:.1f} | {row['goal']} | {verdict} |")
    return "\n".join(lines)


def negotiation(issues: int, options: int) -> tuple[Preferences, Preferences, dict[str, int]]:
    """Two sides with opposed interests and different weights, the case with the longest frontiers."""
    numbers = random.Random(issues)
    things = tuple(Issue(f"issue {k}", tuple(range(options)), numeric=True) for k in range(issues))
    weights = [{thing.key: numbers.randint(1, 100) for thing in things} for _side in range(2)]
    ours = Preferences(things, {thing.key: rising(thing) for thing in things}, weights[0])
    theirs = Preferences(things, {thing.key: falling(thing) for thing in things}, weights[1])
    return ours, theirs, {thing.key: options // 2 for thing in things}


def walk(issues: int, count: int) -> list[list[int]]:
    """Per issue their settings, offer by offer, giving way in turn."""
    return [[max(0, step - k) // 3 for step in range(count)] for k in range(issues)]


def fresh(ours: Preferences, theirs: Preferences) -> tuple[Preferences, Preferences]:
    """Copies that have computed nothing yet."""
    return (
        Preferences(ours.issues, ours.scores, ours.weights),
        Preferences(theirs.issues, theirs.scores, theirs.weights),
    )


def analyse(
    ours: Preferences, theirs: Preferences, offers: list[dict[str, int]], belief: Belief
) -> list[object]:
    """Everything the pages show about the last offer but the belief, which is stored."""
    current = offers[-1]
    frontier = pareto_frontier(ours, theirs)
    zone = agreement_zone(frontier, 4000, 4000)
    marks = (solutions.nash, solutions.kalai_smorodinsky, solutions.egalitarian, solutions.utilitarian)
    trades = improvements(current, ours, theirs)
    our_scores = [score(offer, ours) for offer in offers]
    return [
        gap(frontier, 4000, 4000),
        [mark(zone, 4000, 4000) for mark in marks],
        left_on_table(current, ours, theirs, frontier=frontier),
        trade_ratios(ours, theirs),
        [probability_better(trade.package, current, theirs, belief) for trade in trades[:SHOWN]],
        equal_packages(current, ours, theirs, frontier=frontier),
        dance.give_get(our_scores[::-1], our_scores),
        dance.forecast(our_scores[::-1], our_scores),
        dance.times_moved(offers),
    ]


def median(work: Callable[[], object]) -> float:
    """Median milliseconds of some runs."""
    times = []
    for _run in range(REPEATS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def median_import() -> float:
    """Median milliseconds of importing the engine into a new Python, from compiled files as installed."""
    compileall.compile_dir(ROOT / "negotiations", quiet=1)
    command = [sys.executable, "-c", IMPORT]
    runs = [
        subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True) for _ in range(REPEATS)
    ]
    return statistics.median(float(run.stdout) * 1000 for run in runs)
