"""The engine is pure: standard library only, documented, and the same answer whatever the process."""

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys

import pytest

import negotiations.engine as engine
from tests.architecture.sources import ROOT

MODULES = sorted(info.name for info in pkgutil.walk_packages(engine.__path__, "negotiations.engine."))
ANALYSIS = """
from negotiations.engine.frontier import pareto_frontier
from negotiations.engine.opponent import probability_better, update_importance
from negotiations.engine.scoring import Issue, Preferences, falling
from negotiations.engine.supported import supported_frontier
from negotiations.engine.trades import equal_packages, improvements, left_on_table, trade_ratios

price = Issue("price", (80, 85, 90, 95, 100), numeric=True)
term, seats = Issue("term", ("30", "60", "90")), Issue("seats", ("few", "some", "many"))
issues = (price, term, seats)
first = {"30": 100, "60": 40, "90": 0}, {"few": 0, "some": 50, "many": 100}
second = {"30": 0, "60": 50, "90": 100}, {"few": 90, "some": 100, "many": 30}
ours = Preferences(issues, {"price": {80: 0, 100: 100}, "term": first[0], "seats": first[1]}, {
    "price": 5, "term": 3, "seats": 2})
theirs = Preferences(issues, {"price": falling(price), "term": second[0], "seats": second[1]})
now = {"price": 87, "term": "60", "seats": "some"}
belief = update_importance(theirs, {"price": 3, "term": 2}, [now, {**now, "price": 90}])
trades = improvements(now, ours, theirs)
print(pareto_frontier(ours, theirs), supported_frontier(ours, theirs), trades, belief.weights(),
    [probability_better(trade.package, now, theirs, belief) for trade in trades],
    equal_packages(now, ours, theirs), left_on_table(now, ours, theirs), trade_ratios(ours, theirs))
"""


def run(code: str, **variables: str) -> str:
    """What a new Python prints."""
    environment = {**os.environ, **variables}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_engine_imports_nothing_but_the_standard_library() -> None:
    code = (
        f"import sys; before = set(sys.modules); [__import__(name) for name in {MODULES!r}];"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))"
    )
    loaded = set(run(code).split())
    assert "negotiations" in loaded
    assert loaded - set(sys.stdlib_module_names) == {"negotiations"}
    assert loaded & {"random", "time", "datetime", "secrets"} == set()


@pytest.mark.slow
def test_the_same_input_gives_the_same_output_in_every_process() -> None:
    answers = {run(ANALYSIS, PYTHONHASHSEED=seed) for seed in ("0", "1", "77")}
    assert len(answers) == 1
    assert "Trade(" in answers.pop()


def test_every_public_function_has_types_and_says_what_it_does() -> None:
    poor = []
    for name in MODULES:
        module = importlib.import_module(name)
        for label, thing in vars(module).items():
            if label.startswith("_") or getattr(thing, "__module__", "") != name:
                continue
            if inspect.isfunction(thing):
                hints = set(thing.__annotations__)
                if not thing.__doc__ or hints != {*inspect.signature(thing).parameters, "return"}:
                    poor.append(f"{name}.{label}")
            elif inspect.isclass(thing) and (thing.__doc__ or "").startswith(f"{label}("):
                poor.append(f"{name}.{label}")
    assert poor == []
