"""Makes static/img/icons.svg: one symbol for each heroicon that our templates and code name.

Run it after naming a new icon: ``python scripts/icons.py``. Until then the icon is drawn in the page.
"""

import re
from pathlib import Path

from heroicons import IconDoesNotExist
from heroicons.templatetags.heroicons import heroicon_outline

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "static" / "img" / "icons.svg"
APPS = [init.parent for init in ROOT.glob("*/__init__.py") if init.parent.name != "tests"]
NAME = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
SAID_BY_CSS = re.compile(r' (?:stroke-linecap="round"|stroke-linejoin="round")')


def named() -> list[str]:
    """Every quoted word of templates and code that is the name of an icon."""
    files = [*(ROOT / "templates").rglob("*.html"), *(f for app in APPS for f in app.rglob("*.py"))]
    words = {word for file in files for word in NAME.findall(file.read_text())}
    return sorted(word for word in words if _drawn(word))


def _drawn(name: str) -> str:
    try:
        found = INSIDE.search(str(heroicon_outline(name)))
    except IconDoesNotExist:
        return ""
    return SAID_BY_CSS.sub("", found[1].strip()) if found else ""


def sprite(names: list[str]) -> str:
    """The file's text."""
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{_drawn(name)}</symbol>' for name in names]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""])


if __name__ == "__main__":
    SPRITE.write_text(sprite(named()))
