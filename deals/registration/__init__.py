"""What the app tells the registries of `core` and `accounts`, subject by subject.

Each module has ``register()``, called once when the app is ready.
"""

from __future__ import annotations

from importlib import import_module

SUBJECTS = (
    "contracts",
    "deals",
    "forecast",
    "navigation",
    "orders",
    "people",
    "pipelines",
    "products",
    "quotes",
    "rates",
    "targets",
)


def register() -> None:
    """Called once."""
    for subject in SUBJECTS:
        import_module(f"deals.registration.{subject}").register()
