"""``make run``: prepares the database and files, then runs web, worker and beat in one terminal.

Django is imported once and the web server is forked from this process, so that a second
start shows its first page within seconds.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

STOP_SECONDS = 5  # a job that is cut off goes on at the next start
WEB_THREADS = 8


class Stop(Exception):
    """The start cannot go on; the message is the one line the person reads."""


def main() -> int:
    """Run everything until Ctrl-C; returns the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_project.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    try:
        host, port = address(os.environ)
        check_port_is_free(host, port)
        import django

        django.setup()
        prepare(demo=os.environ.get("DEMO", "1") != "0")
        return serve(host, port)
    except Stop as problem:
        sys.stderr.write(f"Guanxi cannot start: {problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130


# Preparing ------------------------------------------------------------------------------------


def address(environ: Any) -> tuple[str, int]:
    """Where to listen, from ``HOST`` and ``PORT``."""
    port = environ.get("PORT", "") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not {port!r}.")
    return environ.get("HOST", "") or "127.0.0.1", int(port)


def check_port_is_free(host: str, port: int) -> None:
    """Say at once that the port is taken, rather than after a minute of preparation."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Stop(
                f"port {port} cannot be used ({error.strerror}). Try another: make run PORT={port + 1}"
            ) from error


def prepare(*, demo: bool) -> None:
    """Migrate, compile, collect and seed; each only when there is something to do."""
    from django.core.management import call_command

    if migrations_wait():
        say("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
    with Path(os.devnull).open("w") as silence:
        call_command("compile_translations", stdout=silence)
    collect_static()
    if demo:
        call_command("seed_demo", if_empty=True)


def migrations_wait() -> bool:
    """Whether any migration of this version is not applied yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def collect_static() -> None:
    """Collect the static files if they or the installed packages changed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    mark = root / ".collected"
    wanted = static_fingerprint(settings.STATICFILES_DIRS, settings.BASE_DIR / "requirements.txt")
    if mark.exists() and mark.read_text() == wanted:
        return
    say("Collecting the static files ...")
    call_command("collectstatic", verbosity=0, interactive=False)
    mark.write_text(wanted)


def static_fingerprint(folders: list[Path], lock: Path) -> str:
    """A hash that changes with any static file's path, size or time, or with the packages."""
    digest = hashlib.sha256(lock.read_bytes())
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                state = path.stat()
                digest.update(f"{path}:{state.st_size}:{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


# Running --------------------------------------------------------------------------------------


@dataclass
class Supervisor:
    """Starts child processes and ends them all together."""

    children: dict[int, str] = field(default_factory=dict)
    stopping: bool = False

    def fork(self, name: str, run: Callable[[], None]) -> None:
        """Run a function in a child that has all our imports already."""
        pid = os.fork()
        if pid == 0:
            for number in (signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()  # Ctrl-C is for the supervisor, which then stops the children in order
            code = 1
            try:
                run()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                os._exit(code)
        self.children[pid] = name

    def spawn(self, name: str, command: list[str]) -> None:
        """Run a command in a child."""
        process = subprocess.Popen(command, start_new_session=True)
        process.returncode = 0  # we reap it ourselves in ``wait``
        self.children[process.pid] = name

    def wait(self) -> int:
        """Wait until a child ends or somebody stops us; then end the others."""
        code = 0
        try:
            pid, status = os.wait()
            code = os.waitstatus_to_exitcode(status) or 1
            say(f"The {self.children.pop(pid, 'process')} ended by itself; stopping the rest.")
        except KeyboardInterrupt:
            say("\nStopping ...")
        return code

    def catch_signals(self) -> None:
        """End in order when asked by a signal as well as by Ctrl-C."""
        signal.signal(signal.SIGTERM, self.on_signal)
        signal.signal(signal.SIGHUP, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """A polite request to end, by a signal instead of a key."""
        raise KeyboardInterrupt

    def stop(self) -> None:
        """Ask every child to end, and end by force what does not within some seconds."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.signal_all(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.children and time.monotonic() < deadline:
            self.reap()
            time.sleep(0.05)
        self.signal_all(signal.SIGKILL)

    def signal_all(self, number: int) -> None:
        """Send a signal to each child's whole process group."""
        for pid in self.children:
            with suppress(ProcessLookupError):
                os.killpg(pid, number) if number == signal.SIGKILL else os.kill(pid, number)

    def reap(self) -> None:
        """Forget the children that have ended."""
        for pid in list(self.children):
            with suppress(ChildProcessError):
                if os.waitpid(pid, os.WNOHANG)[0] == 0:
                    continue
            del self.children[pid]


def serve(host: str, port: int) -> int:
    """Run web and worker (with beat) until told to stop."""
    from django.db import connections

    application = web_application(host, port)
    connections.close_all()  # a connection must not be shared across a fork
    supervisor = Supervisor()
    supervisor.catch_signals()
    try:
        supervisor.fork("web server", application.run)
        wait_for(host, port)  # the first page comes first; the worker starts beside it
        supervisor.spawn("worker", worker_command())
        greet(port)
        return supervisor.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        supervisor.stop()


def web_application(host: str, port: int) -> Any:
    """gunicorn around the WSGI application, which is loaded here and now."""
    from gunicorn.app.base import BaseApplication

    from crm_project.wsgi import application

    options = {
        "bind": [f"{host}:{port}"],
        "workers": 1,
        "threads": WEB_THREADS,
        "worker_class": "gthread",
        "preload_app": True,
        "loglevel": "warning",
        "timeout": 120,
        "control_socket_disable": True,
    }

    class Web(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    return Web()


def worker_command() -> list[str]:
    """A Celery worker with beat inside; only right for one machine, as here."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "crm_project", "worker", "--beat"),
        *("--concurrency", "2", "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def wait_for(host: str, port: int) -> None:
    """Wait until the web server takes connections."""
    target = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    for _attempt in range(200):
        with suppress(OSError), socket.create_connection((target, port), timeout=1):
            return
        time.sleep(0.05)


def greet(port: int) -> None:
    """Print the address and how to log in."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connections

    say(f"\nGuanxi runs at http://localhost:{port}/   (Ctrl-C stops it)\n")
    if get_user_model().objects.exists():
        call_command("show_logins")
    else:
        say("  Open it to make the first administrator.")
    connections.close_all()


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
