"""Starts the product for the browser: its own database, static files and gunicorn."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = "tests.browser.settings"
_NOT_OURS = {"DATABASE_URL", "REDIS_URL", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "TLS", "GUANXI_VAR"}


class Site:
    """One running copy of the product. `seeded` fills it with the records of `seed.py`."""

    def __init__(self, *, seeded: bool) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="guanxi-browser-"))
        self.database = ""
        self.environment = {key: value for key, value in os.environ.items() if key not in _NOT_OURS}
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "GUANXI_VAR": str(self.var),
            "LOG_LEVEL": "WARNING",
        }
        self._make_database()
        self._python("manage.py", "migrate", "--verbosity", "0")
        self._python("manage.py", "compile_translations", "--verbosity", "0")
        self._python("manage.py", "collectstatic", "--noinput", "--verbosity", "0")
        self.facts: dict[str, Any] = {}
        if seeded:
            self._python("-m", "tests.browser.seed", str(self.var / "facts.json"))
            self.facts = json.loads((self.var / "facts.json").read_text())
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.process = self._start()

    def _make_database(self) -> None:
        if os.environ.get("TEST_DATABASE", "sqlite") != "postgres":
            return
        import psycopg

        admin = settings.POSTGRES_URL
        self.database, self.admin = f"guanxi_browser_{os.getpid()}_{self.var.name[-6:]}".lower(), admin
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"')
        url = urlunsplit(urlsplit(admin)._replace(path=f"/{self.database}"))
        self.environment["BROWSER_DATABASE_URL"] = url

    def _python(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{arguments} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")

    def _start(self) -> subprocess.Popen[bytes]:
        self.log = self.var / "web.log"
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--threads", "8"]
        command += ["--no-control-socket", "--log-level", "warning", "crm_project.wsgi"]
        with self.log.open("wb") as target:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=target, stderr=subprocess.STDOUT
            )
        for _attempt in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return process
            if process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(self.log.read_text()[-4000:])

    def errors(self) -> str:
        """Tracebacks the server has written so far."""
        text = self.log.read_text(errors="replace")
        return text[-3000:] if "Traceback" in text else ""

    def stop(self) -> None:
        """End the server and remove everything it wrote."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.var, ignore_errors=True)
        if self.database:
            import psycopg

            with psycopg.connect(self.admin, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
