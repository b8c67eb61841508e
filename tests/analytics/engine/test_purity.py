"""The engine knows no framework, clock or chance, and says what it does."""

import importlib
import inspect
import pkgutil
import subprocess
import sys

import analytics.engine as engine
from tests.architecture.sources import ROOT

MODULES = sorted(info.name for info in pkgutil.walk_packages(engine.__path__, "analytics.engine."))


def loaded(*modules: str) -> set[str]:
    """The packages a new Python has loaded after these."""
    code = (
        f"import sys; [__import__(name) for name in {modules!r}];"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def test_formulas_need_neither_numpy_nor_scipy() -> None:
    found = loaded("analytics.engine.formulas")
    assert "analytics" in found
    assert found & {"numpy", "scipy", "django"} == set()


def test_the_engine_needs_numpy_and_scipy_alone() -> None:
    found = loaded(*MODULES)
    assert {"analytics", "numpy", "scipy"} <= found
    assert found & {"django", "pandas", "sklearn", "core", "accounts", "customers", "deals"} == set()


def test_no_module_asks_the_clock_or_chance() -> None:
    for name in MODULES:
        module = importlib.import_module(name)
        assert {"time", "datetime", "random", "secrets"} & set(vars(module)) == set(), name


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
