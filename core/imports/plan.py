"""A mapping made ready for work: which cell goes through which parser into which field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.exceptions import RuleViolation
from core.imports.fields import Field, parser_for

if TYPE_CHECKING:
    from core.imports.registry import Importer

POLICIES = ("skip", "update", "create")


@dataclass(frozen=True)
class Column:
    """One column of the file on its way into one field."""

    index: int
    header: str
    field: Field
    parse: Callable[[str], Any]
    fixes: dict[str, str]


class Plan:
    """The compiled mapping of one import."""

    def __init__(
        self, importer: Importer, mapping: dict[str, Any], headers: Sequence[str], *, region: str = ""
    ) -> None:
        self.importer = importer
        self.mapping = mapping
        self.headers = list(headers)
        self.fields = {field.key: field for field in importer.fields()}
        self.columns: list[Column] = []
        formats, values = mapping.get("formats", {}), mapping.get("values", {})
        chosen = mapping.get("columns", {})
        for index, header in enumerate(headers):
            field = self.fields.get(chosen.get(header, ""))
            if field is not None:
                parse = parser_for(field, formats.get(header, {}), region=region)
                self.columns.append(Column(index, header, field, parse, values.get(field.key, {})))
        self.constants = self._constants(mapping.get("constants", {}), region)
        self.duplicates: str = mapping.get("duplicates", "skip")
        self.overwrite: bool = mapping.get("fill") == "overwrite"
        self.match: list[str] = mapping.get("match") or [key for key, _label in importer.match_keys]
        self.options: dict[str, Any] = mapping.get("options", {})

    def _constants(self, texts: dict[str, str], region: str) -> dict[str, Any]:
        mapped = {column.field.key for column in self.columns if not column.field.many}
        constants: dict[str, Any] = {}
        for key, text in texts.items():
            field = self.fields.get(key)
            if field is not None and text and key not in mapped:
                constants[key] = parser_for(field, {}, region=region)(text)
        return constants

    def has(self, key: str) -> bool:
        """Whether a column or a fixed value fills this field."""
        return key in self.constants or any(column.field.key == key for column in self.columns)

    def header_of(self, key: str) -> str:
        """The header of the column that fills a field, for messages."""
        return next((column.header for column in self.columns if column.field.key == key), "")

    def check(self) -> None:
        """Refuse a mapping that cannot make a single record."""
        if not self.columns:
            raise RuleViolation(_("No column is mapped to a field yet. Choose at least one."))
        if self.duplicates not in self.importer.policies:
            raise RuleViolation(_("Choose what to do with records that exist already."))
        missing = [
            str(field.label) for field in self.fields.values() if field.required and not self.has(field.key)
        ]
        if missing:
            raise RuleViolation(_("These fields are needed and have no column yet: %s.") % ", ".join(missing))
