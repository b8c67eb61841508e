"""The import of activities; importing this module registers it."""

from activities.imports import history

__all__ = ["history"]
