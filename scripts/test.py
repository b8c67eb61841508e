"""``make test``: every check there is, and one summary at the end.

``--fast`` runs the unit tests on SQLite alone, ``--lint`` the checks without tests. With
``CI=true`` nothing may be left out: PostgreSQL, Redis, gettext and Chromium must be there.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
APPS = ["core", "accounts", "customers", "deals", "activities", "negotiations", "analytics", "crm_project"]
LOCAL_POSTGRES = "postgres://postgres@localhost:5432/postgres"
LOCAL_REDIS = "redis://localhost:6379/9"
PRODUCTION = {
    "DATABASE_URL": "postgres://guanxi@localhost/guanxi",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "check-deploy-needs-some-key-of-length-" + "abcdefghij0123456789",
    "ALLOWED_HOSTS": "crm.example.org",
}
SERVERS = ("DATABASE_URL", "REDIS_URL")
UNIT = "not browser and not bench"


@dataclass
class Run:
    """What was run, what failed and what could not be run."""

    scratch: Path
    required: bool = field(default_factory=lambda: os.environ.get("CI", "").lower() in {"1", "true"})
    failed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)

    def step(self, name: str, command: list[str | Path], **environment: str) -> bool:
        """Run one check, show its time, remember whether it failed."""
        print(f"\n=== {name}", flush=True)
        started = time.monotonic()
        # The addresses of test servers are for the steps that use them: to the others they would
        # be the settings of a production that lacks the rest.
        plain = {name: value for name, value in os.environ.items() if name not in SERVERS}
        variables = {**plain, "GUANXI_VAR": str(self.scratch / "var"), **environment}
        ok = subprocess.run([str(part) for part in command], cwd=ROOT, env=variables).returncode == 0
        print(f"=== {name}: {'ok' if ok else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if not ok:
            self.failed.append(name)
        return ok

    def pytest(self, name: str, marker: str, *arguments: str, **environment: str) -> None:
        """Run tests and keep their counts for the summary."""
        report = self.scratch / f"{len(self.reports)}.xml"
        self.reports.append(report)
        options = [f"--junit-xml={report}", "-q", "-m", marker, *arguments]
        self.step(name, [BIN / "pytest", *options], **environment)

    def absent(self, what: str) -> None:
        """Something is not on this machine: said now and in the summary, and in CI a failure."""
        print(f"\n=== SKIPPED: {what}", flush=True)
        self.missing.append(what)


def main(arguments: list[str]) -> int:
    """Run what was asked for; 0 only when all of it holds."""
    with tempfile.TemporaryDirectory(prefix="guanxi-check-") as scratch:
        run = Run(Path(scratch))
        if "--fast" in arguments:
            run.pytest("Unit tests on SQLite", f"{UNIT} and not slow", "-n", "2")
        elif "--lint" in arguments:
            lint(run)
        else:
            lint(run)
            tests(run)
        return summary(run)


def lint(run: Run) -> None:
    """Everything that reads the code without running it."""
    run.step("Lint", [BIN / "ruff", "check", "."])
    run.step("Format", [BIN / "ruff", "format", "--check", "."])
    run.step("Types", [BIN / "mypy", *APPS])
    run.step("Import contracts", [BIN / "lint-imports"])
    run.step("Templates", [BIN / "djlint", "templates", "--lint", "--quiet"])
    run.step("Security of the source", [BIN / "bandit", "-q", "-r", "-c", "pyproject.toml", *APPS])
    manage = [BIN / "python", "manage.py"]
    run.step("Migrations are complete", [*manage, "makemigrations", "--check", "--dry-run"])
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    run.step("Settings for production", deploy, **PRODUCTION)
    if shutil.which("xgettext"):
        run.step("Translations", [BIN / "python", "scripts/check_translations.py"])
    else:
        run.absent("gettext (translations are not checked)")


def tests(run: Run) -> None:
    """Unit and browser tests on SQLite, then again on PostgreSQL with Redis."""
    chromium = find_chromium()
    if not chromium:
        run.absent("Chromium (browser tests are not run)")
    databases: list[tuple[str, dict[str, str]]] = [("SQLite", {"TEST_DATABASE": "sqlite"})]
    postgres, redis = os.environ.get("DATABASE_URL", LOCAL_POSTGRES), redis_url()
    if postgres_answers(postgres):
        variables = {"TEST_DATABASE": "postgres", "DATABASE_URL": postgres}
        databases.append(("PostgreSQL", variables | ({"REDIS_URL": redis} if redis else {})))
    else:
        run.absent("PostgreSQL (its tests are not run)")
    if not redis:
        run.absent("Redis (its tests are not run)")
    for name, variables in databases:
        run.pytest(f"Unit tests on {name}", UNIT, "-n", "2", **variables)
        if chromium:
            run.pytest(f"Browser tests on {name}", "browser", CHROMIUM=chromium, **variables)


def find_chromium() -> str:
    """Chromium's path, after trying to install it where that is allowed."""
    install_chromium()
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for path in map(shutil.which, names) if path), "")


def install_chromium() -> None:
    """Install Chromium by apt: only as root, only where apt is, only when it is missing."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium") or not shutil.which("apt-get"):
        return
    if os.geteuid() != 0:
        return
    print("\n=== Installing Chromium", flush=True)
    variables = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=variables, stdout=subprocess.DEVNULL)


def postgres_answers(url: str) -> bool:
    """Whether we can log in to PostgreSQL."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_url() -> str:
    """The address of a Redis that answers, or nothing."""
    url = os.environ.get("REDIS_URL", LOCAL_REDIS)
    parts = urlsplit(url)
    with suppress(OSError), socket.create_connection((parts.hostname or "", parts.port or 6379), 3):
        return url
    return ""


def summary(run: Run) -> int:
    """Say what failed and what was left out; the last line has the counts."""
    print("\n" + "=" * 72)
    for what in run.missing:
        print(f"not on this machine: {what}")
    for name in run.failed:
        print(f"FAILED: {name}")
    counts = [count(path) for path in run.reports]
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    bad = bool(run.failed) or (run.required and bool(run.missing))
    if run.required and run.missing:
        print("With CI=true nothing may be missing.")
    print("Some checks FAILED." if bad else "All checks passed.")
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if bad else 0


def count(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of one run; a run that wrote nothing failed."""
    if not report.exists():
        return 0, 1, 0
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it
    totals = [0, 0, 0]
    for suite in suites:
        number: Callable[[str], int] = lambda name, suite=suite: int(suite.get(name, 0))  # noqa: E731
        failed, skipped = number("failures") + number("errors"), number("skipped")
        totals = [totals[0] + number("tests") - failed - skipped, totals[1] + failed, totals[2] + skipped]
    return totals[0], totals[1], totals[2]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
