"""How a lower page shows higher things.

`activities/panels.py` registers a panel for the customer page from `AppConfig.ready()`;
the page loops over `panels_for("customer")` and loads each by htmx from its URL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """`url(record)` answers the panel's fragment; `permission` hides it from those without it."""

    key: str
    title: Any
    url: Callable[[Any], str]
    permission: str
    order: int = 50
    place: str = "main"  # "main" or "aside"


_panels: dict[str, dict[str, Panel]] = defaultdict(dict)


def register(page: str, panel: Panel) -> None:
    _panels[page][panel.key] = panel


def panels_for(page: str, user: Any, *, place: str | None = None) -> list[Panel]:
    """The panels of a page that this person may see, in order."""
    found = (p for p in _panels[page].values() if user.has_perm(p.permission))
    return sorted((p for p in found if place is None or p.place == place), key=lambda p: (p.order, p.key))
