"""What ``make run`` does before and around its processes."""

import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from crm_project import launcher


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, ("127.0.0.1", 8000)),
        ({"PORT": "", "HOST": ""}, ("127.0.0.1", 8000)),
        ({"PORT": "9000", "HOST": "0.0.0.0"}, ("0.0.0.0", 9000)),
    ],
)
def test_address(environ: dict[str, str], expected: tuple[str, int]) -> None:
    assert launcher.address(environ) == expected


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_bad_port_is_refused(port: str) -> None:
    with pytest.raises(launcher.Stop, match="PORT must be a number"):
        launcher.address({"PORT": port})


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(launcher.Stop) as caught:
            launcher.check_port_is_free("127.0.0.1", port)

    assert str(caught.value) == (
        f"port {port} cannot be used (Address already in use). Try another: make run PORT={port + 1}"
    )


def test_the_fingerprint_changes_with_a_file_and_with_the_packages(tmp_path: Path) -> None:
    static, lock = tmp_path / "static", tmp_path / "requirements.txt"
    (static / "css").mkdir(parents=True)
    (static / "css" / "a.css").write_text("a {}")
    lock.write_text("Django==5.2.19")
    first = launcher.static_fingerprint([static], lock)

    assert launcher.static_fingerprint([static], lock) == first
    (static / "css" / "a.css").write_text("a { }")
    second = launcher.static_fingerprint([static], lock)
    lock.write_text("Django==5.2.20")
    third = launcher.static_fingerprint([static], lock)
    assert len({first, second, third}) == 3


def supervise_in_a_child(code: str) -> int:
    """Supervise two processes in a forked child; returns its pid."""
    pid = os.fork()
    if pid == 0:
        supervisor = launcher.Supervisor()
        supervisor.catch_signals()
        supervisor.spawn("short", [sys.executable, "-c", code])
        supervisor.spawn("long", [sys.executable, "-c", "import time; time.sleep(60)"])
        try:
            status = supervisor.wait()
        finally:
            supervisor.stop()
        os._exit(status if not supervisor.children else 99)
    return pid


def test_when_one_process_ends_the_others_are_stopped() -> None:
    pid = supervise_in_a_child("raise SystemExit(3)")

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3


def test_a_polite_signal_stops_everything() -> None:
    started = time.monotonic()
    pid = supervise_in_a_child("import time; time.sleep(60)")
    time.sleep(0.5)
    os.kill(pid, signal.SIGTERM)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert time.monotonic() - started < launcher.STOP_SECONDS
