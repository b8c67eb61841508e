"""Where the benchmark's databases are, and the environment that points the product at one."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@localhost:5432/postgres")
REDIS = os.environ.get("BENCH_REDIS", "redis://localhost:6379/7")
SECRET = "benchmark-only-" + "0123456789abcdef" * 3


def home() -> Path:
    """The directory of everything the benchmark writes."""
    return Path(os.environ.get("GUANXI_VAR") or ROOT / "var").resolve() / "bench"


@dataclass(frozen=True)
class Place:
    """One database of one size."""

    vendor: str  # sqlite or postgres
    size: int
    prefix: str = "guanxi_bench"
    suffix: str = ""

    @property
    def name(self) -> str:
        return f"{self.prefix}_{self.size}{self.suffix}"

    @property
    def var(self) -> Path:
        return home() / f"{self.vendor}_{self.size}{self.suffix}"

    @property
    def facts(self) -> Path:
        """What the measuring process must know: sessions, addresses."""
        return self.var / "facts.json"

    @property
    def scratch(self) -> Place:
        """A copy that may be written to."""
        return Place(self.vendor, self.size, self.prefix, "_scratch")

    def environment(self) -> dict[str, str]:
        """SQLite runs as `make run` does, PostgreSQL as in production (TLS apart)."""
        common = {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "GUANXI_VAR": str(self.var),
            "STATIC_ROOT": str(home() / "static"),
            "SECRET_KEY": SECRET,
            "LOG_LEVEL": "WARNING",
        }
        if self.vendor == "postgres":
            common |= {
                "DATABASE_URL": _database(self.name),
                "REDIS_URL": REDIS,
                "ALLOWED_HOSTS": "localhost,127.0.0.1",
                "TLS": "false",
                "TRUSTED_PROXIES": "0",
            }
        kept = {key: value for key, value in os.environ.items() if key not in _OWN}
        return kept | common

    def exists(self) -> bool:
        return self.facts.exists()

    def create(self) -> None:
        """An empty database; an older one of this name goes."""
        self.drop()
        self.var.mkdir(parents=True)
        if self.vendor == "postgres":
            _admin(f'CREATE DATABASE "{self.name}"')

    def drop(self) -> None:
        shutil.rmtree(self.var, ignore_errors=True)
        if self.vendor == "postgres":
            _admin(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def copy_from(self, other: Place) -> None:
        """Become a copy of another place."""
        self.drop()
        shutil.copytree(other.var, self.var)
        if self.vendor == "postgres":
            _admin(f'CREATE DATABASE "{self.name}" TEMPLATE "{other.name}"')


_OWN = {"DATABASE_URL", "REDIS_URL", "DEBUG", "ALLOWED_HOSTS", "SECRET_KEY", "TLS", "TRUSTED_PROXIES"}


def _database(name: str) -> str:
    return urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))


def _admin(statement: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(statement.encode())
