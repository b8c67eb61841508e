"""Reads the environment once and says everything that is wrong with it at once.

Two modes. *Local*: no ``DATABASE_URL``; SQLite, files and generated secrets under ``GUANXI_VAR``.
*Production*: ``DATABASE_URL`` is set; the other required settings must then be there and sound.
"""

import os
import re
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path

import environ

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
MINIMUM_SECRET_LENGTH = 50
DATABASE_SCHEMES = ("postgres://", "postgresql://", "sqlite://")
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
HOST_PATTERN = re.compile(r"^(\*|\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])$")
TRUE_VALUES = {"1", "true", "yes", "on", "y", "t", "ok"}
FALSE_VALUES = {"", "0", "false", "no", "off", "n", "f"}


class EnvironmentProblems(Exception):
    """The settings cannot start the product; ``lines`` has one sentence for each reason."""

    def __init__(self, lines: list[str]):
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass
class Environment:
    """Checked values for ``settings.py``; see docs/operations.md for each variable's meaning."""

    base_dir: Path
    env: environ.Env = field(default_factory=environ.Env)
    problems: list[str] = field(default_factory=list)

    @property
    def production(self) -> bool:
        """Whether this is a real installation rather than ``make run`` on one's own machine."""
        return bool(self.text("DATABASE_URL"))

    @property
    def var_dir(self) -> Path:
        """The directory of everything the product writes outside its database."""
        return Path(self.text("GUANXI_VAR") or self.base_dir / "var").resolve()

    def text(self, name: str, default: str = "") -> str:
        """A variable's value without surrounding blanks."""
        return os.environ.get(name, default).strip()

    def flag(self, name: str, default: bool) -> bool:
        """A yes/no variable; anything else is a problem rather than a silent 'no'."""
        value = self.text(name, str(default)).lower()
        if value not in TRUE_VALUES | FALSE_VALUES:
            self.problems.append(f"{name} must be true or false, not {value!r}.")
        return value in TRUE_VALUES

    def number(self, name: str, default: int, minimum: int = 0) -> int:
        """A whole number of at least ``minimum``."""
        value = self.text(name) or str(default)
        if not value.isdecimal() or int(value) < minimum:
            self.problems.append(f"{name} must be a whole number of at least {minimum}.")
            return default
        return int(value)

    def names(self, name: str) -> list[str]:
        """A comma-separated list without empty parts."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def secret_key(self) -> str:
        """The signing key: required in production, generated once in local mode."""
        key = self.text("SECRET_KEY")
        if self.production:
            if not key:
                self.problems.append("SECRET_KEY is missing: set a random text of 50 characters.")
            elif len(key) < MINIMUM_SECRET_LENGTH or len(set(key)) < 5:
                self.problems.append(
                    f"SECRET_KEY is too weak: it needs {MINIMUM_SECRET_LENGTH} random characters."
                )
            return key or "missing"
        return key or generated_secret(self.var_dir / "secret_key")

    def allowed_hosts(self) -> list[str]:
        """The host names this installation answers to."""
        hosts = self.names("ALLOWED_HOSTS")
        if self.production:
            if not hosts:
                self.problems.append("ALLOWED_HOSTS is missing: set it to your host names.")
            if "*" in hosts:
                self.problems.append("ALLOWED_HOSTS must name the hosts; '*' lets mails be forged.")
        for host in hosts:
            if not HOST_PATTERN.match(host):
                self.problems.append(f"ALLOWED_HOSTS holds {host!r}, which is not a host name.")
        return hosts or ([] if self.production else list(LOCAL_HOSTS))

    def database_url(self) -> str:
        """The checked ``DATABASE_URL``; its value is never repeated, it holds a password."""
        url = self.text("DATABASE_URL")
        if not url.startswith(DATABASE_SCHEMES):
            self.problems.append("DATABASE_URL must start with postgres:// (or sqlite:///).")
            return ""
        return url

    def redis_url(self) -> str:
        """The checked ``REDIS_URL``: required in production, optional otherwise."""
        url = self.text("REDIS_URL")
        if self.production and not url:
            self.problems.append("REDIS_URL is missing: set it, for example redis://localhost/0.")
        elif url and not url.startswith(REDIS_SCHEMES):
            self.problems.append("REDIS_URL must start with redis://, rediss:// or unix://.")
            return ""
        return url

    def site_url(self, tls: bool) -> str:
        """The address people open, for links in mails: ``SITE_URL``, else the first host."""
        url = self.text("SITE_URL").rstrip("/")
        if url and not re.match(r"^https?://[\w.:\[\]-]+$", url):
            self.problems.append("SITE_URL must look like https://crm.example.com, without a path.")
        if url:
            return url
        host = next(iter(self.names("ALLOWED_HOSTS")), "").lstrip(".")
        local = f"localhost:{self.text('PORT') or '8000'}"
        return f"{'https' if tls else 'http'}://{host or local}"

    def finish(self) -> None:
        """Stop the start if anything above was wrong."""
        if self.problems:
            raise EnvironmentProblems(self.problems)


def generated_secret(path: Path) -> str:
    """The secret in ``path``, made on first use and readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or _rewritten(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _rewritten(path: Path) -> str:
    # An empty file is what a full disk or a killed first start leaves behind.
    path.write_text(secrets.token_urlsafe(50))
    path.chmod(0o600)
    return path.read_text().strip()


def stop(problems: EnvironmentProblems) -> None:
    """End the process with one line for each problem and no traceback."""
    for line in problems.lines:
        sys.stderr.write(f"Guanxi cannot start: {line}\n")
    raise SystemExit(78)  # EX_CONFIG
