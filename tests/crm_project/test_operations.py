"""docs/operations.md names every environment variable that is read, and none that is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READERS = (
    "crm_project/settings.py",
    "crm_project/environment.py",
    "crm_project/launcher.py",
    "crm_project/celery.py",
    "gunicorn.conf.py",
)
NAME = re.compile(r"[A-Z][A-Z0-9_]*")
# How Django finds its settings; ours are always the same.
OURS = {"DJANGO_SETTINGS_MODULE"}


def names_read(source: str) -> set[str]:
    """Names in `something.method("NAME")` and `environ["NAME"]`."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            key = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("environ"):
            key = node.slice
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and NAME.fullmatch(key.value):
            found.add(key.value)
    return found


def names_told() -> list[str]:
    """The first cells of the table of settings."""
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page.partition("| Variable |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]*)`", cell)]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ('environment.text("A_B", "x")', {"A_B"}),
        ('os.environ["HOME"]', {"HOME"}),
        ('os.environ.get("X1") or config["ENGINE"] or text("Y")', {"X1"}),
        ('problems.append("REDIS_URL is missing.")', set()),
    ],
)
def test_how_names_are_found(source: str, names: set[str]) -> None:
    assert names_read(source) == names


def test_the_table_and_the_code_name_the_same_variables() -> None:
    read = set().union(*(names_read((ROOT / path).read_text()) for path in READERS)) - OURS
    assert "DATABASE_URL" in read
    assert len(read) > 20
    told = names_told()
    assert sorted(told) == sorted(set(told))
    assert sorted(read - set(told)) == [], "missing in docs/operations.md"
    assert sorted(set(told) - read) == [], "read nowhere"
