"""Where the product's own files are."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
# From ground to roof: an app may know those before it.
APPS = ["core", "accounts", "customers", "deals", "activities"]
SOURCE_FOLDERS = [*APPS, "crm_project", "scripts", "tests", "bench"]


def python_files(*folders: str) -> list[Path]:
    """Every Python file of ours in these folders, migrations apart."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    """Every HTML template of ours."""
    return [path for folder in ("templates", *APPS) for path in sorted((ROOT / folder).rglob("*.html"))]


def our_apps() -> Iterator[AppConfig]:
    """The installed apps that are ours."""
    return (config for config in apps.get_app_configs() if config.label in APPS)


def our_models() -> list[type[Model]]:
    """Every concrete model of ours."""
    return [model for config in our_apps() for model in config.get_models() if not model._meta.proxy]


def shown(path: Path) -> str:
    """The path as a person names it."""
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
