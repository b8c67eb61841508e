"""What can be imported: each app registers an importer for each kind of record.

@register
class CustomerImporter(Importer):
    key = "customers.customer"
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.imports.fields import Field

if TYPE_CHECKING:
    from core.changes import ChangeLog
    from core.imports.outcome import Outcome
    from core.imports.parsed import Parsed
    from core.imports.plan import Plan
    from core.models import ImportRun


@dataclass(frozen=True)
class Preset:
    """A ready-made mapping, found by its name or by the headers of a file."""

    name: str
    label: Any
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    formats: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)

    def mapping(self) -> dict[str, Any]:
        """The JSON an ImportRun keeps."""
        return {
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "formats": dict(self.formats),
            "values": dict(self.values),
            **self.settings,
        }


@dataclass
class Context:
    """What a session of an importer works with."""

    run: ImportRun
    plan: Plan
    actor: Any
    trial: bool


class Session:
    """One pass over one file. Sees a chunk at a time; keeps nothing that grows with the file."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.plan = context.plan
        self.actor = context.actor
        self.trial = context.trial

    def prepare(self, rows: Parsed) -> None:
        """What can be made of a chunk without the database, kept in `rows.prepared`. Called in a
        thread while the chunk before is written."""

    def take(self, rows: Parsed, outcome: Outcome, log: ChangeLog | None) -> None:
        """Judge the rows of one chunk and, given a log, write them. Inside a transaction."""
        raise NotImplementedError

    def finish(self, outcome: Outcome, log: ChangeLog | None) -> None:
        """Called once after the last chunk, in a transaction of its own."""


class Importer:
    """Describes one kind of record; `session` does the work."""

    key: str = ""
    label: Any = ""
    icon: str = "table-cells"
    #: What the person must be allowed to, besides importing.
    permission: str = ""
    hint: Any = ""
    #: Ways to find the record a row is about, surest first: key and label.
    match_keys: Sequence[tuple[str, Any]] = ()
    policies: Sequence[str] = ("skip", "update", "create")
    #: Record models it makes, wholes before parts.
    creates: Sequence[type] = ()
    presets: Sequence[Preset] = ()
    #: Field whose equal neighbours form one record (the lines of an order).
    group_by: str = ""

    def fields(self) -> list[Field]:
        raise NotImplementedError

    def session(self, context: Context) -> Session:
        raise NotImplementedError

    def region(self) -> str:
        """The country (ISO code) whose phone numbers need no +."""
        return ""

    def preset(self, name: str) -> Preset | None:
        return next((preset for preset in self.presets if preset.name == name), None)


_importers: dict[str, Importer] = {}


def register(importer: type[Importer]) -> type[Importer]:
    """Class decorator: make an importer known."""
    _importers[importer.key] = importer()
    return importer


def get(key: str) -> Importer | None:
    return _importers.get(key)


def all_importers() -> list[Importer]:
    return list(_importers.values())


def find_preset(name: str) -> tuple[Importer, Preset] | None:
    """The ready-made mapping of this name, whatever it imports."""
    for importer in _importers.values():
        preset = importer.preset(name)
        if preset:
            return importer, preset
    return None
