"""Errors that services raise and base views show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.models import Record


class RuleViolation(Exception):
    """A business rule refused the act. Nothing was changed.

    `message` is shown to the person as it is; `field` names the form field it belongs to, if any.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "rule") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


class StaleRecord(Exception):
    """Somebody saved the record after the form was opened. Nothing was changed.

    `current` is the record as it stands now; `expected_version` is the one the form was opened on.
    """

    def __init__(self, current: Record, expected_version: int) -> None:
        super().__init__(f"{current._meta.label} {current.pk}: version {expected_version} is stale")
        self.current = current
        self.expected_version = expected_version
