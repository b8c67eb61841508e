"""Bad settings stop the start with one clear line each, all at once, and no traceback."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = {
    "DATABASE_URL": "postgres://guanxi:hunter2@localhost/guanxi",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "k3y" * 20 + "abcdefgh",
    "ALLOWED_HOSTS": "crm.example.org",
}
PRINT_DATABASE = "from crm_project import settings; print(settings.DATABASES['default']['ENGINE'])"


def start(tmp_path: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of its own with only these variables."""
    environment = {"PATH": os.environ["PATH"], "GUANXI_VAR": str(tmp_path / "var"), **variables}
    command = [sys.executable, "-c", PRINT_DATABASE]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_local_mode_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    first = start(tmp_path, {})
    secret = tmp_path / "var" / "secret_key"
    key = secret.read_text()
    second = start(tmp_path, {})

    assert (first.returncode, first.stdout.strip()) == (0, "django.db.backends.sqlite3")
    assert second.returncode == 0
    assert secret.read_text() == key
    assert len(key) >= 50
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_an_empty_secret_file_is_filled_again(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret_key").write_text("")

    assert start(tmp_path, {}).returncode == 0
    assert len((tmp_path / "var" / "secret_key").read_text()) >= 50


def test_sound_production_settings_start(tmp_path: Path) -> None:
    result = start(tmp_path, SOUND)

    assert result.stderr == ""
    assert (result.returncode, result.stdout.strip()) == (0, "django.db.backends.postgresql")


def test_every_missing_setting_is_named_at_once(tmp_path: Path) -> None:
    result = start(tmp_path, {"DATABASE_URL": SOUND["DATABASE_URL"]})

    assert result.returncode == 78
    assert result.stderr.splitlines() == [
        "Guanxi cannot start: SECRET_KEY is missing: set a random text of 50 characters.",
        "Guanxi cannot start: ALLOWED_HOSTS is missing: set it to your host names.",
        "Guanxi cannot start: REDIS_URL is missing: set it, for example redis://localhost/0.",
    ]


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY is too weak: it needs 50 random characters."),
        ("SECRET_KEY", "a" * 60, "SECRET_KEY is too weak: it needs 50 random characters."),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS must name the hosts; '*' lets mails be forged."),
        (
            "ALLOWED_HOSTS",
            "https://crm.example.org",
            "ALLOWED_HOSTS holds 'https://crm.example.org', which is not a host name.",
        ),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must start with redis://, rediss:// or unix://."),
        (
            "DATABASE_URL",
            "mysql://guanxi:hunter2@localhost/guanxi",
            "DATABASE_URL must start with postgres:// (or sqlite:///).",
        ),
        ("DEBUG", "maybe", "DEBUG must be true or false, not 'maybe'."),
        ("TLS", "2", "TLS must be true or false, not '2'."),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES must be a whole number of at least 0."),
        (
            "OIDC_CLIENT_ID",
            "guanxi",
            "OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET must be set together.",
        ),
    ],
)
def test_a_bad_value_is_one_clear_line(tmp_path: Path, name: str, value: str, line: str) -> None:
    result = start(tmp_path, SOUND | {name: value})

    assert result.returncode == 78
    assert result.stderr == f"Guanxi cannot start: {line}\n"
    assert "hunter2" not in result.stderr
