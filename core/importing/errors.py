"""What can go wrong with a file, a row or a cell, said so a person can act on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Message = str | Promise


def _fill(message: Message, params: Mapping[str, Any]) -> str:
    """Put the values into the translated text, at the time it is shown."""
    text = str(message)
    return text % params if params else text


class FileProblem(Exception):
    """The whole file cannot be read (any further). Nothing was changed by it.

    ``code`` is stable and for programs, the message is for people. ``params``
    may name the row or line.
    """

    def __init__(self, code: str, message: Message, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return _fill(self.message, self.params)


class ValueProblem(ValueError):
    """One cell cannot be read as what its column should hold."""

    def __init__(self, code: str, message: Message, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return _fill(self.message, self.params)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth telling about a file or a row.

    ``fatal`` rows must not be imported; others are imported as shown.
    """

    code: str
    message: Message
    params: dict[str, Any] = field(default_factory=dict)
    fatal: bool = False

    def __str__(self) -> str:
        return _fill(self.message, self.params)
