"""gunicorn as in production, two workers, for one database."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

from bench.places import ROOT, Place, home

WORKERS = 2


class Server:
    """Started on entering, stopped on leaving."""

    def __init__(self, place: Place, port: int) -> None:
        self.place, self.port = place, port

    def __enter__(self) -> Server:
        log = (self.place.var / "gunicorn.log").open("w")
        command = [ROOT / ".venv" / "bin" / "gunicorn"]
        if (ROOT / "gunicorn.conf.py").exists():
            command += ["--config", ROOT / "gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", WORKERS, "--no-control-socket"]
        command += ["--access-logfile", "/dev/null", "crm_project.wsgi"]
        environment = self.place.environment() | {"WEB_CONCURRENCY": str(WORKERS), "PORT": str(self.port)}
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        self._wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def _wait(self) -> None:
        for _attempt in range(200):
            if self.process.poll() is not None:
                break
            with suppress(OSError):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise SystemExit(f"The server did not start; see {self.place.var / 'gunicorn.log'}")

    def pids(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def forget_peaks(self) -> None:
        """From now on `peak_mb` counts afresh."""
        for pid in self.pids():
            with suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak_mb(self) -> float:
        """The most memory any one process of the server has held."""
        return max(_peak(pid) for pid in self.pids())


def _peak(pid: int) -> float:
    with suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


def collect_static(place: Place) -> None:
    """Once for all databases: the pages name hashed files."""
    if (home() / "static" / "staticfiles.json").exists():
        (home() / "static" / "staticfiles.json").unlink()
    manage(place, "collectstatic", "--noinput", "--verbosity", "0")


def manage(place: Place, *arguments: str) -> None:
    """Run a management command against a place."""
    python = str(ROOT / ".venv" / "bin" / "python")
    subprocess.run([python, "manage.py", *arguments], cwd=ROOT, env=place.environment(), check=True)
